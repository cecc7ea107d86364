import { chown, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readSettings } from "./settings.ts";

async function folderWith(keys: string | null): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "weir settings "));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, ".weir"));
  if (keys !== null) await writeFile(join(folder, ".weir", "keys.json"), keys);
  return folder;
}

const KEYS = JSON.stringify({ url: "http://127.0.0.1:4999", userKey: "weir_u_x", agentKey: "weir_a_x" });

test("the nearest keys.json counts, also from far below", async () => {
  const folder = await folderWith(KEYS);
  await mkdir(join(folder, "deep", "down"), { recursive: true });
  expect(readSettings({}, join(folder, "deep", "down"))).toEqual({
    url: "http://127.0.0.1:4999",
    key: "weir_u_x",
    source: join(folder, ".weir", "keys.json"),
  });
});

test("the environment counts before any file, and the sentence about it names the variables", async () => {
  const folder = await folderWith(KEYS);
  const env = { WEIR_API_URL: "https://weir.example.com", WEIR_API_KEY: "weir_u_env" };
  expect(readSettings(env, folder)).toEqual({
    url: env.WEIR_API_URL,
    key: "weir_u_env",
    source: "WEIR_API_URL and WEIR_API_KEY",
  });
});

test("a key is read from the file of WEIR_API_KEY_FILE, alone or in a keys.json", async () => {
  const folder = await folderWith(KEYS);
  const file = join(folder, "key");
  await writeFile(file, "weir_u_file\n");
  expect(readSettings({ WEIR_API_KEY_FILE: file }, folder).key).toBe("weir_u_file");
  expect(readSettings({ WEIR_API_KEY_FILE: join(folder, ".weir", "keys.json") }, folder).key).toBe("weir_u_x");
});

test("a local key is never sent to a URL that was given without a key", async () => {
  const folder = await folderWith(KEYS);
  expect(() => readSettings({ WEIR_API_URL: "https://elsewhere.example" }, folder)).toThrow(
    /WEIR_API_URL is set to https:\/\/elsewhere.example, but no key is/,
  );
});

test("a keys.json that another user left is not trusted", async (context) => {
  const folder = await folderWith(KEYS);
  if (process.getuid?.() !== 0) return context.skip("only root can give a file away");
  await chown(join(folder, ".weir", "keys.json"), 12_345, 12_345);
  expect(() => readSettings({}, folder)).toThrow(/belongs to another user, so it is not used/);
});

test.for([
  ["{", /keys\.json does not hold \{ url, userKey, agentKey \}/],
  ['{"url":1}', /keys\.json does not hold/],
] as const)("a keys.json that is %s is a sentence", async ([text, sentence]) => {
  const folder = await folderWith(text);
  expect(() => readSettings({}, folder)).toThrow(sentence);
});

test("no sentence repeats a key", async () => {
  const folder = await folderWith(null);
  expect(() => readSettings({ WEIR_API_KEY: "weir_u_sécret" }, folder)).toThrow(
    /WEIR_API_KEY holds characters that no key has/,
  );
  expect(() => readSettings({ WEIR_API_KEY: "weir_u_sécret" }, folder)).toThrow(/^((?!cret).)*$/);
});
