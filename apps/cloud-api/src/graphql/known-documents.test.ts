import { expect, test } from "vitest";
import { parse } from "./graphql-js.ts";
import { KnownDocuments } from "./known-documents.ts";

const document = parse("{ viewer { keyId } }");

test("a document is known again, the oldest give way, and what is long is not kept", () => {
  const known = new KnownDocuments();
  for (let number = 0; number < 2_000; number += 1) known.set(`{ a${number} }`, document);
  expect(known.size).toBe(500);
  expect([known.get("{ a1999 }"), known.get("{ a0 }")]).toEqual([document, undefined]);
  known.set(`{ ${"a ".repeat(20_000)} }`, document);
  expect(known.size).toBe(500);
});
