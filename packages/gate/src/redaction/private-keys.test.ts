import { generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Redactor } from "./redactor.ts";
import { REDACTED } from "./spans.ts";

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const PEM = privateKey.trim();
const LINES = PEM.split("\n");
const redactor = new Redactor();

test("a private key in one text is struck out as a whole, also in JSON and with spaces for line ends", () => {
  expect(redactor.redact(`key:\n${PEM}\nnext`)).toBe(`key:\n${REDACTED}\nnext`);
  expect(redactor.redact(JSON.stringify({ key: PEM }))).toBe(`{"key":"${REDACTED}"}`);
  expect(redactor.redact(PEM.replaceAll("\n", " "))).toBe(REDACTED);
  expect(redactor.redact(PEM.replaceAll("PRIVATE", "ENCRYPTED PRIVATE"))).toBe(REDACTED);
});

test("a private key that was written to the log line by line is struck out of every line, and nothing beside it", () => {
  expect(redactor.redactAll(["start", ...LINES, "done.", "end"])).toEqual([
    "start",
    ...LINES.map(() => REDACTED),
    "done.",
    "end",
  ]);
});

test("of a private key whose lines went into two reports nothing is left", () => {
  const property = fc.property(fc.integer({ min: 1, max: LINES.length - 1 }), (border) => {
    const all = [...redactor.redactAll(["start", ...LINES.slice(0, border)])];
    all.push(...redactor.redactAll([...LINES.slice(border), "done."]));
    expect(all).toEqual(["start", ...LINES.map(() => REDACTED), "done."]);
  });
  fc.assert(property, { numRuns: 60 });
});

test("a key that was cut off is struck out up to where it ends", () => {
  expect(redactor.redact(`${PEM.slice(0, 300)} … and more`)).toBe(`${REDACTED} … and more`);
  expect(redactor.redactAll([...LINES.slice(0, 5), "a line of text", "MIIEvQIBADANBgkqhkiG"])).toEqual([
    ...LINES.slice(0, 5).map(() => REDACTED),
    "a line of text",
    "MIIEvQIBADANBgkqhkiG",
  ]);
});

test("public keys and certificates stay", () => {
  const text = "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END PUBLIC KEY-----";
  expect(redactor.redact(text)).toBe(text);
});
