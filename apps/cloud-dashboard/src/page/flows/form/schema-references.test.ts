import type { Json } from "@weir/protocol";
import { expect, test } from "vitest";
import { referencesEnd } from "./schema-references.ts";

const tree = { type: "object", properties: { left: { $ref: "#/$defs/tree" } } };

test.each<[string, Json, boolean]>([
  ["none", { properties: { a: {} } }, true],
  ["to the whole", { properties: { a: { $ref: "#" } } }, true],
  ["to a part that holds itself", { $ref: "#/$defs/tree", $defs: { tree } }, true],
  [
    "over another one",
    { properties: { a: { $ref: "#/$defs/b" } }, $defs: { b: { $ref: "#/$defs/c~1d" }, "c/d": {} } },
    true,
  ],
  ["that is a name of a parameter", { properties: { $ref: { type: "string" } } }, true],
  ["to itself", { $ref: "#" }, false],
  ["in a circle", { $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } } }, false],
  ["to nowhere", { items: [{ $ref: "#/$defs/gone" }] }, false],
  ["to a member of every object", { items: { $ref: "#/constructor" } }, false],
  ["to elsewhere", { properties: { a: { $ref: "https://x.example/schema" } } }, false],
])("references %s: %j", (_what, schema, ends) => {
  expect(referencesEnd(schema)).toBe(ends);
});
