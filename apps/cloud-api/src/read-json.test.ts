import { expect, test } from "vitest";
import { parseJson } from "./read-json.ts";

const parse = (text: string) => parseJson(Buffer.from(text));

test("what Postgres cannot store is replaced, in values and keys, however deep", () => {
  expect(parse(String.raw`{"a":"x\u0000y","b":["\ud800",{"k\u0000":1}],"c":"\ud83d\ude00"}`)).toEqual({
    a: "x\ufffdy",
    b: ["\ufffd", { "k\ufffd": 1 }],
    c: "😀",
  });
  expect(parse(String.raw`"\u0000"`)).toBe("\ufffd");
  const deep = `${"[".repeat(200_000)}"\\u0000"${"]".repeat(200_000)}`;
  expect(() => parse(deep)).not.toThrow();
});

test("__proto__ becomes a key like any other, and reaches no prototype", () => {
  const value = parse('{"__proto__":{"polluted":true}}') as object;
  expect(Object.keys(value)).toEqual(["__proto__"]);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
});

test("what is no JSON is refused with the reason", () => {
  expect(() => parse('{"a":')).toThrow(/is no JSON, or was cut off \(.*\); send it again\./);
  expect(() => parse("<html>")).toThrow(/is no JSON/);
});
