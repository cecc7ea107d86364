import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { core } from "./canaries.ts";
import { formsOf } from "./forms.ts";
import { encodings } from "./flows/planted.ts";
import { type Holding, search } from "./search.ts";
import { unpacked } from "./views.ts";

// The proof says "found nowhere". These say that it would have been found.

const inner = core();
const text = `a "ä' <&>/+?$ ${inner} \\ €`;
const canary = { id: "canary", text, cores: [inner] };

const found = (content: Buffer | string, more: Partial<Holding> = {}) =>
  search([canary], [{ place: "database", name: "here", content: Buffer.from(content as string), ...more }]);

test.for(encodings(text).map((written, index) => [index, written] as const))(
  "encoding %i of those that flows plant is found",
  ([, written]) => {
    expect(found(`noise ${written} noise`)).not.toEqual([]);
  },
);

const utf8 = Buffer.from(text);
const HIDDEN: readonly [what: string, written: string | Buffer][] = [
  ["among bytes that are no text", Buffer.concat([Buffer.from([0xff, 0, 0xfe]), utf8, Buffer.from([0xff])])],
  ["in UTF-16", Buffer.from(text, "utf16le")],
  ["as JSON in JSON in JSON", JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ c: text }) }) })],
  [
    "with every letter as \\u",
    Array.from(inner, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`).join(""),
  ],
  ["with every letter as %", Array.from(inner, (one) => `%${one.charCodeAt(0).toString(16)}`).join("")],
  ["with every letter as &#…;", Array.from(inner, (one) => `&#${one.charCodeAt(0)};`).join("")],
  ["base64 in base64", Buffer.from(utf8.toString("base64")).toString("base64")],
  ["hex in base64url", Buffer.from(utf8.toString("hex")).toString("base64url")],
  ["base64 in hex", Buffer.from(utf8.toString("base64")).toString("hex")],
  ["gzip", gzipSync(utf8)],
  ["zlib", deflateSync(utf8)],
  ["gzip in base64", gzipSync(utf8).toString("base64")],
  ["gzip in base64 in JSON", JSON.stringify({ body: gzipSync(utf8).toString("base64") })],
];

test.for(HIDDEN)("a canary is found %s", ([, written]) => {
  expect(found(written)).not.toEqual([]);
});

test("a body is unpacked as its header says it is packed", () => {
  const bodies = [
    ["br", brotliCompressSync(utf8)],
    ["gzip", gzipSync(utf8)],
    ["deflate", deflateSync(utf8)],
  ] as const;
  for (const [encoding, body] of bodies) expect(unpacked(encoding, body), encoding).toEqual([utf8]);
  expect(unpacked(undefined, utf8)).toEqual([]);
  expect(unpacked("gzip", utf8)).toEqual([]);
});

test("a half is found, since a border may leave one on either side", () => {
  expect(found(`…${inner.slice(0, 13)}`)).toMatchObject([{ channel: "canary", form: "a half" }]);
  expect(found(`${inner.slice(13)}…`)).toMatchObject([{ form: "a half" }]);
});

test("a find says where and how, once for each form", () => {
  const finds = found(`${inner} ${inner} ${Buffer.from(inner).toString("hex")}`);
  const where = { channel: "canary", place: "database", name: "here" };
  expect(finds.filter(({ form }) => form === "plain")).toEqual([{ ...where, form: "plain" }]);
  expect(finds.filter(({ form }) => form === "hex")).toEqual([{ ...where, form: "hex" }]);
});

test("what is not there is not found", () => {
  const other = core();
  expect(found(encodings(`a "ä' ${other}`).join("\n"))).toEqual([]);
  expect(found(inner.slice(0, 11))).toEqual([]);
  expect(found("")).toEqual([]);
});

test("many canaries at the borders of a content are found in one pass", () => {
  const many = Array.from({ length: 300 }, (_, index) => ({ id: String(index), text: "", cores: [core()] }));
  const content = Buffer.from(many.map(({ cores }) => cores[0]).join(""));
  const finds = search(many, [{ place: "sent", name: "all", content, plainly: true }]);
  expect(new Set(finds.map(({ channel }) => channel)).size).toBe(300);
});

test("a text that would be found by chance is refused", () => {
  expect(() => search([{ id: "short", text: "", cores: ["abc"] }], [])).toThrow("too short");
  expect(
    formsOf(inner)
      .map(({ bytes }) => bytes.length)
      .every((length) => length >= 12),
  ).toBe(true);
});
