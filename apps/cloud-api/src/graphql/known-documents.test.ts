import { expect, test } from "vitest";
import { parse } from "./graphql-js.ts";
import { KnownDocuments } from "./known-documents.ts";

const document = parse("{ viewer { keyId } }");
/** Two hundred and fifty-six of these are as much as is kept. */
const kibibyte = (number: number) => `{ a${number} }`.padEnd(1_024);

test("a document is known again; of many, those asked longest ago give way", () => {
  const known = new KnownDocuments();
  for (let number = 0; number < 256; number += 1) known.set(kibibyte(number), document);
  expect(known.get(kibibyte(0))).toBe(document);
  known.set(kibibyte(256), document);
  expect([0, 1, 2, 256].map((number) => known.get(kibibyte(number)) === document)).toEqual([true, false, true, true]);
});

test("a document that is kept twice counts once", () => {
  const known = new KnownDocuments();
  for (let times = 0; times < 1_000; times += 1) known.set(kibibyte(0), document);
  known.set(kibibyte(1), document);
  expect(known.get(kibibyte(0))).toBe(document);
});

test("a long one is not kept", () => {
  const known = new KnownDocuments();
  known.set(" ".repeat(16 * 1024 + 1), document);
  expect(known.get(" ".repeat(16 * 1024 + 1))).toBeUndefined();
  known.set(" ".repeat(16 * 1024), document);
  expect(known.get(" ".repeat(16 * 1024))).toBe(document);
});
