import Type from "typebox";
import { expect, test } from "vitest";
import { crossingFields } from "./crossing.ts";
import { classedFields, message, metadata, optional } from "./data-class.ts";
import { RUN_DOOR } from "./run-door.ts";

/** Every leaf that may cross from the user's side, with its class: `message field class`, sorted. */
function crossing(): string[] {
  return crossingFields()
    .map(({ field, dataClass }) => `${field} ${dataClass}`)
    .sort();
}

// A change of this file is a privacy review: it says what may leave the user's side that could not before.
test("what may cross is what the reviewed list says", async () => {
  await expect(`${crossing().join("\n")}\n`).toMatchFileSnapshot("./what-may-cross.txt");
});

test("what comes back from the cloud carries a class in every field too", () => {
  for (const door of Object.values(RUN_DOOR)) expect(classedFields(door.reply).length).toBeGreaterThan(0);
});

test("a field without a class does not compile, and is named at run time", () => {
  // @ts-expect-error a bare schema has no class
  const loose = message({ attempt: metadata(Type.Integer()), input: Type.String() });
  expect(() => classedFields(loose)).toThrow("The field input carries no data class");
});

test("a field that may be absent keeps its class", () => {
  expect(classedFields(message({ a: optional(metadata(Type.String())) }))).toEqual([
    { path: "a", dataClass: "metadata" },
  ]);
});
