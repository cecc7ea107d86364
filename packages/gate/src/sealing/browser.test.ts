import type { Report, SealKey } from "@weir/protocol";
import { CURVES, generateSealKey, Keyring, protectKeys, publicHalf } from "@weir/protocol/seal";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Verbs } from "../testing/browser-page.ts";
import { bundlePage, openPage, startChromium } from "../testing/chromium.ts";
import { makeSide, policyOf } from "../testing/gates.ts";

// A reader's browser, which is a real one: it opens what a gate has sealed, and seals what an agent opens.

/** In the page. */
declare const weir: Verbs;

const PASSPHRASE = "five words nobody would guess";
const SEALED = policyOf({ log: "seal", exception: "seal", artifact: "seal" });

let browser: Browser;
let script: string;

beforeAll(async () => {
  [browser, script] = await Promise.all([startChromium(), bundlePage()]);
}, 120_000);
afterAll(() => browser.close());

/** A run's report from a gate that seals for its agents and for one reader. */
async function reportFor(reader: Awaited<ReturnType<typeof generateSealKey>>) {
  const side = await makeSide({ ...SEALED, recipients: [{ name: "ada", jwk: { ...publicHalf(reader) } }] });
  const failure = { name: "TypeError", message: "no fare for May 🛫" };
  const report = await side.report(
    { kind: "log", at: 1, level: "info", text: "the fares of May 🛫" },
    { kind: "task", at: 2, number: 1, state: "Failed", failure },
    { kind: "artifact", at: 3, name: "fares", artifact: "markdown", data: { markdown: "# May" } },
  );
  return { side, report };
}
const textOf = ({ events }: Report): string => (events[0] as { text: string }).text;
const keysOf = (report: Report): SealKey[] => [...(report.sealKeys ?? [])];

test.for(CURVES)(
  "a %s key behind a passphrase is kept, cannot be read out, and survives a reload",
  { timeout: 60_000 },
  async (curve) => {
    const key = await generateSealKey(curve);
    const file = await protectKeys([key], PASSPHRASE);
    const { page } = await openPage(browser, script);
    const keep = (passphrase: string) =>
      page.evaluate(([kept, phrase]) => weir.keep(kept, phrase), [file, passphrase] as const);
    expect(await keep("five words somebody guessed")).toEqual({ code: "PASSPHRASE_WRONG", kids: [] });
    expect(await page.evaluate(() => weir.kept())).toEqual([]);
    expect(await keep(PASSPHRASE)).toEqual({ opened: [key.kid] });
    await page.reload();
    await page.waitForFunction("globalThis.weir !== undefined");
    expect(await page.evaluate(() => weir.kept())).toEqual([key.kid]);
    expect(await page.evaluate(() => weir.halves())).toEqual([publicHalf(key)]);
    // A raw form is for public keys alone; the other four are refused since the key may not leave.
    const refused = "InvalidAccessError";
    expect(await page.evaluate(() => weir.exports())).toEqual([[refused, refused, refused, refused, refused]]);
    await page.evaluate((kid) => weir.forget(kid), key.kid);
    expect(await page.evaluate(() => weir.kept())).toEqual([]);
  },
);

test("another site in the same browser has none of the keys", { timeout: 60_000 }, async () => {
  const key = await generateSealKey();
  const file = await protectKeys([key], PASSPHRASE);
  const { page } = await openPage(browser, script);
  await page.evaluate(([kept, phrase]) => weir.keep(kept, phrase), [file, PASSPHRASE] as const);
  const other = await openPage(browser, script, page);
  expect(await other.page.evaluate(() => weir.kept())).toEqual([]);
  expect(await page.evaluate(() => weir.kept())).toEqual([key.kid]);
});

test.for(CURVES)("a browser opens with a %s key what a gate has sealed", { timeout: 60_000 }, async (curve) => {
  const key = await generateSealKey(curve);
  const { report } = await reportFor(key);
  const file = await protectKeys([key], PASSPHRASE);
  const { page } = await openPage(browser, script);
  await page.evaluate(([kept, phrase]) => weir.keep(kept, phrase), [file, PASSPHRASE] as const);
  const [, task, artifact] = report.events as unknown as [unknown, { failure: never }, { data: never }];
  expect(JSON.stringify(report)).not.toContain("May");
  expect(
    await page.evaluate(
      async ([keys, text, failure, data]) => [
        await weir.openText(keys, text),
        await weir.openFailure(keys, failure),
        await weir.openJson(keys, data),
      ],
      [keysOf(report), textOf(report), task.failure, artifact.data] as const,
    ),
  ).toEqual([
    { opened: "the fares of May 🛫" },
    { opened: expect.objectContaining({ name: "TypeError", message: "no fare for May 🛫" }) },
    { opened: { markdown: "# May" } },
  ]);
});

test.for(CURVES)("parameters that a browser sealed are opened by the agents, with %s", async (curve) => {
  const [inside, reader] = [await generateSealKey(curve), await generateSealKey()];
  const recipients = [{ name: "ada", jwk: publicHalf(reader) }];
  const trust = { version: 1, inside: publicHalf(inside), recipients, signers: [] };
  const { page } = await openPage(browser, script);
  const parameters = { day: "2026-05-01", note: "🛫" };
  const sealed = await page.evaluate(([given, whom]) => weir.seal(given, whom), [parameters, trust] as const);
  expect(JSON.stringify(sealed)).not.toContain("2026");
  for (const key of [inside, reader]) expect(await new Keyring([key]).openJson(sealed as never)).toEqual(parameters);
});

test("without a key, with another's, or when it was changed, the answer says which", { timeout: 60_000 }, async () => {
  const [reader, stranger] = [await generateSealKey(), await generateSealKey("P-256")];
  const { side, report } = await reportFor(reader);
  const { page } = await openPage(browser, script);
  const open = (keys: SealKey[], text: string) =>
    page.evaluate(([given, sealed]) => weir.openText(given, sealed), [keys, text] as const);
  const closed = { code: "NO_KEY", kids: [side.inside.kid, reader.kid] };
  expect(await open(keysOf(report), textOf(report))).toEqual(closed);
  for (const key of [stranger, reader]) {
    const file = await protectKeys([key], PASSPHRASE);
    await page.evaluate(([kept, phrase]) => weir.keep(kept, phrase), [file, PASSPHRASE] as const);
    const expected = key === stranger ? closed : { opened: "the fares of May 🛫" };
    expect(await open(keysOf(report), textOf(report))).toEqual(expected);
  }
  expect(await open([], textOf(report))).toEqual({ code: "UNKNOWN_RUN_KEY", kids: [] });
  expect(await open(keysOf(report), `${textOf(report).slice(0, -6)}AAAAAA`)).toEqual({ code: "DAMAGED", kids: [] });
});

test("keeping, opening and sealing make no request, and need nothing that a strict page forbids", async () => {
  const key = await generateSealKey();
  const { report } = await reportFor(key);
  const file = await protectKeys([key], PASSPHRASE);
  const trust = { version: 1, inside: publicHalf(key), recipients: [], signers: [] };
  const { page, requests } = await openPage(browser, script);
  const opened = await page.evaluate(
    async ([kept, phrase, keys, text, whom]) => {
      await weir.keep(kept, phrase);
      await weir.seal({ day: "2026-05-01" }, whom);
      return await weir.openText(keys, text);
    },
    [file, PASSPHRASE, keysOf(report), textOf(report), trust] as const,
  );
  expect(opened).toEqual({ opened: "the fares of May 🛫" });
  expect(requests).toEqual(["GET /", "GET /page.js"]);
  expect(await page.evaluate(() => weir.violations())).toEqual([]);
});
