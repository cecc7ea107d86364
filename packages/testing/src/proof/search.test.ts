import { expect, test } from "vitest";
import { formsOf } from "./forms.ts";
import { search } from "./search.ts";

// The proof says "found nowhere". These say that it would have been found.

const canary = 'canary "ä/+?" 7f3a';

/** How others would write the text, by means that the search does not use itself where there are any. */
const HIDDEN: readonly [form: string, written: string][] = [
  ["raw", `before ${canary} after`],
  ["JSON", JSON.stringify({ deep: [{ value: canary }] })],
  ["JSON in JSON", JSON.stringify({ body: JSON.stringify({ value: canary }) })],
  ["JSON in ASCII", '{"value":"canary \\"\\u00e4/+?\\" 7f3a"}'],
  ["hex", `\\x00ff${Buffer.from(canary).toString("hex")}`],
  ["hex in capitals", Buffer.from(canary).toString("hex").toUpperCase()],
  ["URL", new URL(`http://host/?q=${encodeURIComponent(canary)}`).href],
  ["form", `a=1&q=${new URLSearchParams({ q: canary }).toString().slice(2)}&b=2`],
  ["base64 shifted by 0", Buffer.from(`${canary} and more`).toString("base64")],
  ["base64 shifted by 1", Buffer.from(`x${canary} and more`).toString("base64")],
  ["base64 shifted by 2", Buffer.from(`xy${canary} and more`).toString("base64")],
  [
    "base64url shifted by 0",
    btoa(unescaped(`${canary}>>>???`))
      .replaceAll("+", "-")
      .replaceAll("/", "_"),
  ],
  ["base64url shifted by 1", Buffer.from(`x${canary}>>>???`).toString("base64url")],
  ["base64url shifted by 2", Buffer.from(`xy${canary}>>>???`).toString("base64url")],
];

function unescaped(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}

test.for(HIDDEN)("a text that stands somewhere as %s is found", ([form, written]) => {
  const finds = search([{ name: "canary", text: canary }], [{ name: "place", content: `noise ${written} noise` }]);
  expect(finds.map((find) => find.form.replace("base64url", "base64"))).toContain(form.replace("base64url", "base64"));
  expect(finds[0]).toMatchObject({ needle: "canary", place: "place" });
});

test("bytes are searched as well as text", () => {
  const content = Buffer.concat([Buffer.from([0xff, 0x00, 0xfe]), Buffer.from(canary), Buffer.from([0xff])]);
  expect(search([{ name: "canary", text: canary }], [{ name: "file", content }])).toHaveLength(1);
});

test("each form has a control above", () => {
  const controlled = new Set(HIDDEN.map(([form]) => form));
  expect(
    formsOf(canary)
      .map(({ name }) => name)
      .filter((name) => !controlled.has(name)),
  ).toEqual([]);
});

test("what is not there is not found, and what is too short is not searched for", () => {
  expect(search([{ name: "canary", text: canary }], [{ name: "place", content: "canary 7f3b" }])).toEqual([]);
  expect(() => search([{ name: "code", text: "ATL" }], [])).toThrow("too short");
});
