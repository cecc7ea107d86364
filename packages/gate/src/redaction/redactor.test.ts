import fc from "fast-check";
import { Pieces } from "./pieces.ts";
import { expect, test } from "vitest";
import { shapesOf } from "./shapes.ts";
import { REDACTED, Redactor } from "./redactor.ts";

function redactorOf(...secrets: string[]): Redactor {
  const redactor = new Redactor();
  redactor.add(secrets);
  return redactor;
}

const SECRET = 'p@ss "w0rd" <&\'$x/é';

const ENCODERS: Record<string, (text: string) => string> = {
  raw: (text) => text,
  base64: (text) => Buffer.from(text).toString("base64"),
  base64url: (text) => Buffer.from(text).toString("base64url"),
  "base64 at shift 1": (text) => Buffer.from(`x${text}y`).toString("base64"),
  "base64 at shift 2": (text) => Buffer.from(`xy${text}z`).toString("base64url"),
  hex: (text) => Buffer.from(text).toString("hex"),
  HEX: (text) => Buffer.from(text).toString("hex").toUpperCase(),
  "percent-encoded": encodeURIComponent,
  form: (text) => new URLSearchParams({ q: text }).toString().slice(2),
  JSON: (text) => JSON.stringify({ text }),
  "JSON in JSON": (text) => JSON.stringify(JSON.stringify({ text })),
  HTML: (text) =>
    text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;").replaceAll("'", "&#39;"),
  shell: (text) => `'${text.replaceAll("'", `'\\''`)}'`,
};

for (const [name, encode] of Object.entries(ENCODERS)) {
  test(`a secret is struck out when it is written as ${name}`, () => {
    const text = encode(SECRET);
    const shown = redactorOf(SECRET).redact(`before ${text} after`);
    expect(shown).toContain(REDACTED);
    expect(shown.startsWith("before ")).toBe(true);
    expect(shown.endsWith(" after")).toBe(true);
    // What may be left at the edges are the one or two characters that base64 shares with the bytes beside the secret, quotes and the name of a field.
    expect(shown.length).toBeLessThan("before  after".length + REDACTED.length + 20);
  });
}

test("no secret is found again after it was struck out, wherever it stands and however it is written", () => {
  const secret = fc.string({ minLength: 6, maxLength: 40, unit: "grapheme" }).filter((text) => text.trim().length >= 6);
  const around = fc.string({ maxLength: 30 });
  const encoder = fc.constantFrom(...Object.values(ENCODERS));
  const property = fc.property(secret, around, around, encoder, (value, before, after, encode) => {
    const shown = redactorOf(value).redact(before + encode(value) + after);
    fc.pre(!REDACTED.includes(value));
    for (const shape of shapesOf(value)) if (!REDACTED.includes(shape)) expect(shown.includes(shape)).toBe(false);
  });
  fc.assert(property, { numRuns: 300 });
});

test("of two secrets that overlap nothing is left", () => {
  expect(redactorOf("abcdefgh", "efghijkl").redact("-abcdefghijkl-")).toBe(`-${REDACTED}-`);
});

test("a secret of several lines is struck out of a log line by line", () => {
  const key = "-----BEGIN KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQ\n-----END KEY-----";
  expect(redactorOf(key).redact("  MIIEvQIBADANBg")).toBe(`  ${REDACTED}`);
});

test("values that are too short are left, and a text without secrets is the same string", () => {
  const redactor = redactorOf("short", "");
  expect(redactor.redact("a short text")).toBe("a short text");
});

test("secrets can be added later", () => {
  const redactor = redactorOf("first-secret");
  redactor.add(["second-secret"]);
  expect(redactor.redact("first-secret second-secret")).toBe(`${REDACTED} ${REDACTED}`);
});

test("a child may tell so many secrets at once that their shapes would not fit on the stack", () => {
  const needles = Array.from({ length: 200_000 }, (_, at) => `n${at}`.padEnd(6, "x"));
  const pieces = new Pieces();
  pieces.add(needles);
  expect(pieces.ofLines("n199999")).not.toEqual([]);
});
