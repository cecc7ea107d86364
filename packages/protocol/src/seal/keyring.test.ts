import { expect, test } from "vitest";
import { Keyring } from "./keyring.ts";
import { CURVES, generateSealKey, publicHalf } from "./keys.ts";
import { makeRunKey, sealFor, sealJson, sealText } from "./seal.ts";
import { SealError } from "./seal-error.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (given: Uint8Array) => new TextDecoder().decode(given);

async function failureOf(opening: Promise<unknown>): Promise<SealError> {
  return await opening.then(
    () => expect.unreachable("it opened"),
    (error: unknown) => {
      expect(error).toBeInstanceOf(SealError);
      return error as SealError;
    },
  );
}

/** The same with another character at a place, another one that base64url has. */
const changed = (given: string, at: number) =>
  given.slice(0, at) + (given[at] === "A" ? "B" : "A") + given.slice(at + 1);

test.for(CURVES)("every recipient opens what is sealed for several, with %s", async (curve) => {
  const keys = [await generateSealKey(curve), await generateSealKey("X25519"), await generateSealKey("P-256")];
  const jwe = await sealFor(keys.map(publicHalf), bytes("the fares of May"));
  expect(JSON.stringify(jwe)).not.toContain("fares");
  expect(jwe.recipients.map(({ header }) => header?.kid)).toEqual(keys.map(({ kid }) => kid));
  for (const key of keys) expect(text(await new Keyring([key]).openGeneral(jwe))).toBe("the fares of May");
});

test("whoever is meant twice has one entry, and nobody at all is a mistake", async () => {
  const key = publicHalf(await generateSealKey());
  expect((await sealFor([key, key], bytes("x"))).recipients).toHaveLength(1);
  expect((await failureOf(sealFor([], bytes("x")))).message).toMatch(/nobody to seal it for/);
});

test("texts, values and failures of a run open with its wrapped key alone", async () => {
  const reader = await generateSealKey();
  const runKey = await makeRunKey([publicHalf(await generateSealKey()), publicHalf(reader)]);
  expect(runKey.id).toMatch(/^[A-Za-z0-9_-]{22}$/);
  const keyring = new Keyring([reader]);
  keyring.learn([{ id: runKey.id, key: runKey.wrapped }]);
  expect(await keyring.openText(await sealText(runKey, "late: 🛫 é\n"))).toBe("late: 🛫 é\n");
  expect(await keyring.openText(await sealText(runKey, ""))).toBe("");
  expect(await keyring.openJson({ $sealed: await sealText(runKey, '{"a":[1]}') })).toEqual({ a: [1] });
  const failure = { name: "TypeError", message: "no fare", cause: { name: "Error", message: "deep" } };
  const sealed = await sealText(runKey, JSON.stringify(failure));
  const told = { name: "Sealed", message: "Sealed.", code: "TASK_TIMED_OUT" as const, sealed };
  expect(await keyring.openFailure(told)).toEqual({ ...failure, code: "TASK_TIMED_OUT" });
});

test("what is not sealed comes back as it is, also when it begins like it", async () => {
  const keyring = new Keyring([]);
  for (const plain of ["", "a line", "sealed: with a kiss", "sealed:"])
    expect(await keyring.openText(plain)).toBe(plain);
  expect(await keyring.openJson({ $sealed: 1, more: 2 })).toEqual({ $sealed: 1, more: 2 });
  expect(await keyring.openFailure({ name: "Error", message: "m" })).toEqual({ name: "Error", message: "m" });
});

test("without the right key the sentence names the keys that could, and the one at hand", async () => {
  const [mine, a, b] = [await generateSealKey(), await generateSealKey(), await generateSealKey("P-256")];
  const jwe = await sealFor([publicHalf(a), publicHalf(b)], bytes("x"));
  const error = await failureOf(new Keyring([mine]).openGeneral(jwe));
  expect([error.code, error.kids]).toEqual(["NO_KEY", [a.kid, b.kid]]);
  expect(error.message).toBe(`It is sealed for the keys ${a.kid}, ${b.kid}; you have ${mine.kid}.`);
  expect((await failureOf(new Keyring([]).openGeneral(jwe))).message).toMatch(/; you have none\.$/);
});

test("a run's key that did not come along is told, and may come later", async () => {
  const key = await generateSealKey();
  const runKey = await makeRunKey([publicHalf(key)]);
  const sealed = await sealText(runKey, "later");
  const keyring = new Keyring([key]);
  const error = await failureOf(keyring.openText(sealed));
  expect([error.code, error.message]).toEqual(["UNKNOWN_RUN_KEY", expect.stringContaining(runKey.id)]);
  keyring.learn([{ id: runKey.id, key: "{" }]);
  expect((await failureOf(keyring.openText(sealed))).code).toBe("DAMAGED");
  keyring.learn([{ id: runKey.id, key: runKey.wrapped }]);
  expect(await keyring.openText(sealed)).toBe("later");
});

test("any character of a sealed text that changes is found", async () => {
  const key = await generateSealKey();
  const runKey = await makeRunKey([publicHalf(key)]);
  const keyring = new Keyring([key]);
  keyring.learn([{ id: runKey.id, key: runKey.wrapped }]);
  const sealed = await sealText(runKey, "one line of a log");
  const opened: string[] = [];
  for (let at = "sealed:eyJ".length; at < sealed.length; at += 1) {
    if (sealed[at] === ".") continue;
    const error = await keyring.openText(changed(sealed, at)).catch((caught: unknown) => caught);
    if (!(error instanceof SealError)) opened.push(`${at}: ${sealed[at]} in ${sealed}`);
  }
  expect(opened).toEqual([]);
});

test("any part of a sealed content that changes is found", async () => {
  const key = await generateSealKey();
  const jwe = await sealFor([publicHalf(key)], bytes("the fares of May"));
  const keyring = new Keyring([key]);
  const [entry] = jwe.recipients;
  const variants = [
    ...(["protected", "iv", "ciphertext", "tag"] as const).map((part) => ({
      ...jwe,
      [part]: changed(jwe[part] ?? "", 4),
    })),
    { ...jwe, recipients: [{ ...entry, encrypted_key: changed(entry?.encrypted_key ?? "", 4) }] },
    { ...jwe, recipients: [{ header: entry?.header }] },
    { ...jwe, tag: jwe.tag?.slice(0, 8) },
    { ...jwe, ciphertext: undefined },
    [],
    "sealed",
    null,
  ];
  for (const variant of variants) expect((await failureOf(keyring.openGeneral(variant))).code).toBe("DAMAGED");
});

test("another algorithm than ours is not followed, whatever a content says of itself", async () => {
  const key = await generateSealKey("P-256");
  const jwe = await sealFor([publicHalf(key)], bytes("x"));
  const heads = [
    { alg: "ECDH-ES", enc: "A256GCM" },
    { alg: "ECDH-ES+A256KW", enc: "A128GCM" },
    { alg: "dir", enc: "A256GCM" },
  ];
  for (const head of heads) {
    const other = { ...jwe, protected: Buffer.from(JSON.stringify(head)).toString("base64url") };
    expect((await failureOf(new Keyring([key]).openGeneral(other))).code).toBe("DAMAGED");
  }
});

test("where a sealed value must stand, a plain one is not taken", async () => {
  const keyring = new Keyring([await generateSealKey()]);
  const failure = { name: "Sealed", message: "Sealed.", sealed: '{"name":"Error","message":"put there"}' };
  expect((await failureOf(keyring.openFailure(failure))).code).toBe("DAMAGED");
  expect((await failureOf(keyring.openJson({ $sealed: "1" }))).code).toBe("DAMAGED");
  expect((await failureOf(keyring.openJson({ $sealed: { a: 1 } }))).code).toBe("DAMAGED");
});

test("a value without a run is sealed by itself", async () => {
  const key = await generateSealKey();
  const sealed = await sealJson([publicHalf(key)], { day: "2026-05-01", top: 5 });
  expect(JSON.stringify(sealed)).not.toContain("2026");
  expect(await new Keyring([key]).openJson(structuredClone(sealed) as never)).toEqual({ day: "2026-05-01", top: 5 });
});
