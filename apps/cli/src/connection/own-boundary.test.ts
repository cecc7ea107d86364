import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateSealKey, publicHalf } from "@weir/protocol/seal";
import { expect, onTestFinished, test } from "vitest";
import { CliError } from "../cli-error.ts";
import { ownBoundary } from "./own-boundary.ts";

const inside = publicHalf(await generateSealKey());
const TRUST = JSON.stringify({ version: 1, inside, recipients: [], signers: [] });

function folder(files: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(tmpdir(), "weir-own-boundary-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  return directory;
}

test("without files the defaults hold and nothing can be sealed", async () => {
  const { policy, insideKeys } = await ownBoundary({ cwd: folder({}), env: {} });
  expect([policy.source, insideKeys]).toEqual([null, []]);
});

test("the trust file stands beside the policy file, or where WEIR_TRUST_FILE says", async () => {
  const cwd = folder({ "weir.boundary.yaml": "version: 1\n", "weir.trust.json": TRUST });
  expect((await ownBoundary({ cwd, env: {} })).insideKeys).toEqual([inside]);
  const elsewhere = { WEIR_TRUST_FILE: join(cwd, "weir.trust.json") };
  expect((await ownBoundary({ cwd: folder({}), env: elsewhere })).insideKeys).toEqual([inside]);
});

test.each([
  ["is not there", undefined],
  ["is no JSON", "private words {"],
  ["is no trust file", '{"version":7}'],
])("a trust file that is named and %s is told, and nothing goes out without it", async (_what, text) => {
  const cwd = folder(text === undefined ? {} : { "trust.json": text });
  const error: unknown = await ownBoundary({ cwd, env: { WEIR_TRUST_FILE: "trust.json" } }).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(CliError);
  expect(error).toMatchObject({ exitCode: 2, message: expect.stringContaining(join(cwd, "trust.json")) as string });
  expect((error as Error).message).not.toContain("private words");
});

test("a policy file that cannot be used stops the command, with its line", async () => {
  const cwd = folder({ "weir.boundary.yaml": "version: 1\nclasses: { parameter: redact }\n" });
  await expect(ownBoundary({ cwd, env: {} })).rejects.toThrow(/weir\.boundary\.yaml:2:/);
});
