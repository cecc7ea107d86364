import type { Failure, Json } from "@weir/protocol";
import { generateSealKey, Keyring, makeRunKey, type PrivateJwk, publicHalf, sealText } from "@weir/protocol/seal";
import { beforeAll, expect, test } from "vitest";
import { FAILURE, JSON_VALUE, Openings, TEXT } from "./openings.ts";

let ada: PrivateJwk;
let stranger: PrivateJwk;
let run: Awaited<ReturnType<typeof makeRunKey>>;

beforeAll(async () => {
  [ada, stranger] = await Promise.all([generateSealKey(), generateSealKey()]);
  run = await makeRunKey([publicHalf(ada)]);
});

const sealKeys = () => [{ id: run.id, key: run.wrapped }];
const seal = (text: string) => sealText(run, text, "log");

function openingsWith(...keys: PrivateJwk[]) {
  const asked = { keyrings: 0 };
  const openings = new Openings(async () => {
    asked.keyrings += 1;
    return new Keyring(keys);
  });
  return { openings, asked };
}

test("what is plain is there at once, and asks for no key", async () => {
  const { openings, asked } = openingsWith(ada);
  for (const text of ["", "fares", "sealed: the envelope"]) {
    expect(openings.peek(TEXT, text)).toEqual({ phase: "plain", value: text });
    await openings.open(TEXT, text, sealKeys());
  }
  expect(openings.peek(JSON_VALUE, { $sealed: 1, more: 2 })).toMatchObject({ phase: "plain" });
  expect(openings.peek(FAILURE, { name: "Error", message: "x" })).toMatchObject({ phase: "plain" });
  expect(asked.keyrings).toBe(0);
});

test("texts, values and failures are opened, and remembered", async () => {
  const { openings, asked } = openingsWith(ada);
  const text = await seal("fares of May");
  const value: Json = { $sealed: await seal('{"day":1}') };
  const failure: Failure = { name: "Sealed", message: "", sealed: await seal('{"name":"E","message":"no fare"}') };
  expect(openings.peek(TEXT, text)).toEqual({ phase: "opening" });
  await openings.open(TEXT, text, sealKeys());
  await openings.open(JSON_VALUE, value, sealKeys());
  await openings.open(FAILURE, failure, sealKeys());
  expect(openings.peek(TEXT, text)).toEqual({ phase: "opened", value: "fares of May" });
  expect(openings.peek(JSON_VALUE, value)).toEqual({ phase: "opened", value: { day: 1 } });
  expect(openings.peek(FAILURE, failure)).toEqual({ phase: "opened", value: { name: "E", message: "no fare" } });
  const before = asked.keyrings;
  await openings.open(TEXT, text, sealKeys());
  expect(asked.keyrings).toBe(before);
});

test("without the key it says for whom it is sealed; damaged, and without the run's key, it says that", async () => {
  const { openings } = openingsWith(stranger);
  const text = await seal("fares of May");
  await openings.open(TEXT, text, sealKeys());
  expect(openings.peek(TEXT, text)).toMatchObject({ phase: "closed", closed: { code: "NO_KEY", kids: [ada.kid] } });
  const mine = openingsWith(ada).openings;
  const bad = `${text.slice(0, -6)}AAAAAA`;
  await mine.open(TEXT, bad, sealKeys());
  expect(mine.peek(TEXT, bad)).toMatchObject({ phase: "closed", closed: { code: "DAMAGED", kids: [] } });
  await mine.open(TEXT, text, []);
  expect(mine.peek(TEXT, text)).toMatchObject({ phase: "closed", closed: { code: "UNKNOWN_RUN_KEY" } });
});

test("what stayed closed is opened when the run's key comes later", async () => {
  const { openings } = openingsWith(ada);
  const text = await seal("fares of May");
  await openings.open(TEXT, text, []);
  expect(openings.peek(TEXT, text)).toMatchObject({ phase: "closed" });
  await openings.open(TEXT, text, sealKeys());
  expect(openings.peek(TEXT, text)).toEqual({ phase: "opened", value: "fares of May" });
});

test("where the browser keeps no keys, it says why", async () => {
  const openings = new Openings(() => Promise.reject(new Error("no store here")));
  const text = await seal("fares of May");
  await openings.open(TEXT, text, sealKeys());
  const closed = { code: "UNABLE", sentence: "no store here", kids: [] };
  expect(openings.peek(TEXT, text)).toEqual({ phase: "closed", closed });
});

test("of very many, the oldest are forgotten", async () => {
  const texts = await Promise.all(Array.from({ length: 20 }, (_, index) => seal(`line ${index}`)));
  const room = 2 * (texts[0]?.length ?? 0) * 5;
  const openings = new Openings(async () => new Keyring([ada]), room);
  for (const text of texts) await openings.open(TEXT, text, sealKeys());
  const phases = texts.map((text) => openings.peek(TEXT, text).phase);
  expect(phases.slice(0, 14)).toEqual(Array.from({ length: 14 }, () => "opening"));
  expect(phases.slice(16)).toEqual(Array.from({ length: 4 }, () => "opened"));
});
