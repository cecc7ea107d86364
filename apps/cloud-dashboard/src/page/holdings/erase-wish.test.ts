import { expect, test } from "vitest";
import { readEraseWish } from "./erase-wish.ts";

function formOf(values: Readonly<Record<string, string>>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(values)) form.set(name, value);
  return form;
}

test("flows are erased only where that was chosen, and never together with a day", () => {
  const tenantName = "quarry";
  expect(readEraseWish(formOf({ tenantName: " quarry ", before: "" }))).toEqual({ tenantName });
  expect(readEraseWish(formOf({ tenantName, before: "", flows: "on" }))).toEqual({ tenantName, flows: true });
  expect(readEraseWish(formOf({ tenantName, before: "2026-03-01", flows: "on" }))).toEqual({
    tenantName,
    before: "2026-03-01T00:00:00.000Z",
  });
});
