import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SealKey } from "@weir/protocol";
import { generateSealKey, makeRunKey, type PrivateJwk, publicHalf, sealJson, sealText } from "@weir/protocol/seal";
import { expect, onTestFinished, test } from "vitest";
import { createReader } from "./reader.ts";

/** What a cloud tells of a run that is sealed for a reader and for the agents. */
async function sealedRun() {
  const cwd = await mkdtemp(join(tmpdir(), "weir reader "));
  onTestFinished(() => rm(cwd, { recursive: true, force: true }));
  const [reader, inside] = [await generateSealKey(), await generateSealKey("P-256")];
  const runKey = await makeRunKey([publicHalf(inside), publicHalf(reader)]);
  const failure = { name: "TypeError", message: "no fare \u001b[2Jfor May", cause: { name: "Error", message: "deep" } };
  const sealedFailure = {
    name: "Sealed",
    message: "Sealed.",
    code: "TASK_TIMED_OUT",
    sealed: await sealText(runKey, JSON.stringify(failure)),
  };
  const run = {
    name: await sealText(runKey, "calm \u001b[31mriver"),
    state: "Failed",
    parameters: JSON.parse(JSON.stringify(await sealJson([publicHalf(reader)], { top: 5 }))) as object,
    states: [{ failure: sealedFailure, message: null }],
    logs: [
      { text: await sealText(runKey, "a line"), number: 1 },
      { text: "plain: sealed: with a kiss", number: 2 },
    ],
  };
  const sealKeys: SealKey[] = [{ id: runKey.id, key: runKey.wrapped }];
  return { cwd, reader, inside, run, sealKeys };
}

async function withKey(cwd: string, key: PrivateJwk): Promise<Record<string, string>> {
  await writeFile(join(cwd, "key.json"), JSON.stringify(key), { mode: 0o600 });
  return { WEIR_SEAL_KEY_FILE: "key.json" };
}

test("with the key everything opens, and what it holds cannot move the cursor", async () => {
  const { cwd, reader, run, sealKeys } = await sealedRun();
  const opening = createReader({ cwd, env: await withKey(cwd, reader) });
  expect(await opening.open(sealKeys, run)).toEqual({
    name: "calm river",
    state: "Failed",
    parameters: { top: 5 },
    states: [
      {
        failure: {
          name: "TypeError",
          message: "no fare for May",
          code: "TASK_TIMED_OUT",
          cause: { name: "Error", message: "deep" },
        },
        message: null,
      },
    ],
    logs: [
      { text: "a line", number: 1 },
      { text: "plain: sealed: with a kiss", number: 2 },
    ],
  });
  expect(await opening.note()).toBeNull();
});

test("without a key the rest is shown, and one line says for whom it is sealed and what to do", async () => {
  const { cwd, run, sealKeys, reader, inside } = await sealedRun();
  const opening = createReader({ cwd, env: {} });
  expect(await opening.open(sealKeys, run)).toMatchObject({
    name: "[sealed]",
    state: "Failed",
    parameters: "[sealed]",
    states: [{ failure: { name: "Sealed", message: "[sealed]", code: "TASK_TIMED_OUT" } }],
    logs: [{ text: "[sealed]", number: 1 }, { number: 2 }],
  });
  const note = await opening.note();
  expect(note).toContain("set WEIR_SEAL_KEY_FILE");
  for (const { kid } of [reader, inside]) expect(note).toContain(kid);
  expect(note).not.toContain("\n");
});

test("another key than theirs is told with the names of those who can open it", async () => {
  const { cwd, run, sealKeys, reader } = await sealedRun();
  const { kty, crv, x, kid } = publicHalf(reader);
  const policy = `version: 1\nseal: { recipients: [{ name: ada, jwk: { kty: ${kty}, crv: ${crv}, x: "${x}" } }] }\n`;
  await writeFile(join(cwd, "weir.boundary.yaml"), policy);
  const mine = await generateSealKey();
  const opening = createReader({ cwd, env: await withKey(cwd, mine) });
  await opening.open(sealKeys, run);
  expect(await opening.note()).toMatch(
    new RegExp(`ada \\(${kid}\\).*your key ${mine.kid} is none of them.*ask one of them`),
  );
});

test("a key file that cannot be used is one line, never an error", async () => {
  const { cwd, run, sealKeys } = await sealedRun();
  const opening = createReader({ cwd, env: { WEIR_SEAL_KEY_FILE: "gone.json" } });
  expect(await opening.open(sealKeys, run)).toMatchObject({ name: "[sealed]" });
  expect(await opening.note()).toMatch(/^What is sealed stays sealed: WEIR_SEAL_KEY_FILE names .*gone\.json.*ENOENT/);
});

test("what was changed on the way is marked, and the rest opens", async () => {
  const { cwd, reader, run, sealKeys } = await sealedRun();
  const opening = createReader({ cwd, env: await withKey(cwd, reader) });
  const changed = { ...run, name: `${run.name.slice(0, -2)}${run.name.endsWith("A") ? "QQ" : "AA"}` };
  expect(await opening.open(sealKeys, changed)).toMatchObject({
    name: "[sealed, and damaged]",
    parameters: { top: 5 },
  });
  expect(await opening.note()).toMatch(/^One sealed thing cannot be opened/);
});

test("what is not sealed needs no key at all", async () => {
  const opening = createReader({ cwd: tmpdir(), env: { WEIR_SEAL_KEY_FILE: "gone.json" } });
  const run = { name: "calm-river", parameters: { a: [1, null] } };
  expect(await opening.open([], run)).toEqual(run);
  expect(await opening.note()).toBeNull();
});
