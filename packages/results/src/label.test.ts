import { expect, test } from "vitest";
import { labelOf, labelText, readLabel, takeLabel, withLabel } from "./label.ts";

const CONTENT = { data: "value", serializer: "json+zstd" };

test("a label survives its text, and nothing else is one", () => {
  const label = labelOf(CONTENT);
  expect(readLabel(labelText(label))).toEqual(label);
  for (const text of ["", "json", `json 5 ${"0".repeat(63)}`, `a b 5 ${"0".repeat(64)}`, `json -5 ${"0".repeat(64)}`])
    expect(readLabel(text)).toBeNull();
});

test.each<[string, (stored: Buffer) => Buffer, string]>([
  ["cut", (stored) => stored.subarray(0, -2), "of its 5 bytes, 3 are there; it was cut off"],
  [
    "longer",
    (stored) => Buffer.concat([stored, Buffer.from("x")]),
    "it had 5 bytes and has 6; it was changed or replaced",
  ],
  ["changed", (stored) => Buffer.from(stored.toString().replace("value", "VALUE")), "its SHA-256 differs"],
  ["cut within the label", (stored) => stored.subarray(0, 20), "its first line does not say what it is"],
])("what was labelled and is %s is told", (_how, change, sentence) => {
  expect(() => takeLabel(change(withLabel(CONTENT)), "x.json")).toThrow(
    `The result x.json is not what was written: ${sentence}`,
  );
  expect(() => takeLabel(change(withLabel(CONTENT)), "x.json")).toThrow(
    expect.objectContaining({ code: "RESULT_TRUNCATED" }) as Error,
  );
});
