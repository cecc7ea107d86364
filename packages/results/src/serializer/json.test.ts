import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeJson } from "./json-decode.ts";
import { encodeJson, MAX_DEPTH } from "./json-encode.ts";

const roundTrip = (value: unknown) => decodeJson(encodeJson(value));

/** Any value that the serializer promises, with keys that try to look like its tags or to reach a prototype. */
const anything = fc.letrec((tie) => ({
  key: fc.oneof(fc.string(), fc.constantFrom("$weir", "value", "__proto__", "constructor", "$$weir")),
  leaf: fc.oneof(
    fc.string({ unit: "binary" }),
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.bigInt(),
    fc.date({ noInvalidDate: false }),
    fc.constantFrom(null, undefined, "date", "object", -0),
    fc.uint8Array(),
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  ),
  any: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    tie("leaf"),
    fc.array(tie("any"), { maxLength: 5 }),
    fc.array(fc.tuple(tie("any"), tie("any")), { maxLength: 4 }).map((pairs) => new Map(pairs)),
    fc.array(tie("any"), { maxLength: 4 }).map((list) => new Set(list)),
    fc.array(fc.tuple(tie("key"), tie("any")), { maxLength: 5 }).map((fields) => Object.fromEntries(fields) as object),
  ),
})).any;

test("every value comes back equal", () => {
  fc.assert(
    // Node's own comparison: vitest's takes a field named `constructor` for the class of its object.
    fc.property(anything, (value) => isDeepStrictEqual(roundTrip(value), value)),
    { numRuns: 1_000 },
  );
});

test("plain JSON data is written as plain JSON, and without being copied first", () => {
  fc.assert(
    fc.property(
      fc.jsonValue({ noUnicodeString: false }).filter((value) => !JSON.stringify(value).includes("-0")),
      (value) => {
        if (!containsTag(value)) expect(encodeJson(value)).toBe(JSON.stringify(value));
      },
    ),
  );
});

function containsTag(value: unknown): boolean {
  // JSON.stringify writes -0 as 0, which we do not.
  return JSON.stringify(value).includes('"$weir"') || JSON.stringify([value], zeros).includes("negative zero");
}

function zeros(_key: string, value: unknown): unknown {
  return Object.is(value, -0) ? "negative zero" : value;
}

test.each([
  [{ $weir: "date", value: "2020" }],
  [{ $weir: { $weir: "object", value: { $weir: 1 } } }],
  [{ $weir: undefined }],
  [JSON.parse('{"__proto__":{"admin":true},"$weir":"map","at":null}') as object],
])("user data that looks like a tag stays what it is: %j", (value) => {
  expect(roundTrip(value)).toStrictEqual(value);
});

test("a key named __proto__ stays a field and reaches no prototype", () => {
  const value = JSON.parse('{"__proto__":{"admin":true},"at":null}') as Record<string, unknown>;
  value["at"] = new Date(0);
  const back = roundTrip(value) as Record<string, unknown>;
  expect(Object.keys(back)).toEqual(["__proto__", "at"]);
  expect(back["admin"]).toBeUndefined();
});

test.each([
  ["a function", { a: [() => 1] }, "value.a[0] is a function"],
  ["a symbol", Symbol("s"), "it is a symbol"],
  ["a class instance", { url: new URL("http://localhost") }, "value.url is an instance of URL"],
  ["a promise", [Promise.resolve()], "value[0] is an instance of Promise"],
  ["a weak map", new Map([["k", new WeakMap()]]), "value[0][1] is an instance of WeakMap"],
])("%s is refused with its place", (_what, value, sentence) => {
  expect(() => encodeJson(value)).toThrow(sentence);
});

test("a cycle is told as one, where it is", () => {
  const node: Record<string, unknown> = { name: "a" };
  node["next"] = { back: node };
  expect(() => encodeJson(node)).toThrow(/value\.next\.back.* is a reference back to something that holds it/);
});

test("a value that is too deep is a sentence, not a stack overflow", () => {
  let value: unknown = 1;
  for (let i = 0; i < 100_000; i += 1) value = { value };
  expect(() => encodeJson(value)).toThrow(`deeper than ${MAX_DEPTH} levels`);
});

test("as deep as allowed comes back", () => {
  let value: unknown = new Date(0);
  // Each map is two levels: its list and the pair.
  for (let i = 0; i < MAX_DEPTH / 2; i += 1) value = new Map([[1, value]]);
  expect(() => roundTrip(value)).not.toThrow();
});

test("a kind that only a newer Weir knows is told", () => {
  expect(() => decodeJson('{"$weir":"temporal","value":1}')).toThrow('unknown kind "temporal"');
});

test("a hole in a list becomes undefined, objects of other realms and without a prototype are plain", () => {
  const holes: unknown[] = [];
  holes[1] = undefined;
  expect(roundTrip(holes)).toStrictEqual([undefined, undefined]);
  expect(roundTrip(Object.assign(Object.create(null) as object, { a: 1 }))).toStrictEqual({ a: 1 });
});
