import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateSealKey } from "@weir/protocol/seal";
import { expect, test } from "vitest";
import { AgentError } from "./agent-error.ts";
import { openBoundary } from "./boundary.ts";
import { temporaryDirectory } from "./testing/start.ts";

async function folder(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const directory = await temporaryDirectory();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text, { mode: 0o600 });
  return directory;
}

type Files = Record<"boundaryFile" | "sealKeyFile" | "signKeyFile", string | null>;
const NONE: Files = { boundaryFile: null, sealKeyFile: null, signKeyFile: null };

async function refusal(config: Partial<Files> & { workingDirectory: string }): Promise<AgentError> {
  const error: unknown = await openBoundary({ ...NONE, ...config }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AgentError);
  return error as AgentError;
}

test("without a file the defaults hold, and there are no keys", async () => {
  const { policy, insideKeys, signer } = await openBoundary({ ...NONE, workingDirectory: await folder() });
  expect(policy.actionFor("log", {})).toBe("redact");
  expect([insideKeys, signer]).toEqual([[], undefined]);
});

test("the nearest file holds, and one that is named comes before it", async () => {
  const workingDirectory = await folder({
    "weir.boundary.yaml": "version: 1\nclasses: { log: drop }\n",
    "other.yaml": "version: 1\nclasses: { artifact: drop }\n",
  });
  const near = await openBoundary({ ...NONE, workingDirectory });
  expect(near.policy.actionFor("log", {})).toBe("drop");
  const named = await openBoundary({ ...NONE, workingDirectory, boundaryFile: join(workingDirectory, "other.yaml") });
  expect([named.policy.actionFor("log", {}), named.policy.actionFor("artifact", {})]).toEqual(["redact", "drop"]);
});

test("an agent whose policy cannot be read does not start", async () => {
  const wrong = await folder({ "weir.boundary.yaml": "version: 1\nclasses: { log: shout }\n" });
  expect((await refusal({ workingDirectory: wrong })).message).toMatch(/weir\.boundary\.yaml:2:\d+/);
  const gone = await refusal({ workingDirectory: wrong, boundaryFile: join(wrong, "gone.yaml") });
  expect(gone).toMatchObject({ exitCode: 2, message: expect.stringContaining("is not there") as string });
});

test("what is to be sealed needs a key that agents can open it with, and an agent without one does not start", async () => {
  const workingDirectory = await folder({ "weir.boundary.yaml": "version: 1\nclasses: { log: seal }\n" });
  expect((await refusal({ workingDirectory })).message).toContain("WEIR_AGENT_SEAL_KEY_FILE");
});

test("a log module is loaded; one that cannot be is told, and nothing is started without it", async () => {
  const policy = "version: 1\nlogs: { module: ./lines.mjs }\n";
  const workingDirectory = await folder({
    "weir.boundary.yaml": policy,
    "lines.mjs": "export const filter = (line) => line.level !== 'debug';\n",
  });
  const { logFilter } = await openBoundary({ ...NONE, workingDirectory });
  expect(typeof logFilter?.filter).toBe("function");
  const broken = await folder({ "weir.boundary.yaml": policy, "lines.mjs": "throw new Error('no regex');\n" });
  expect((await refusal({ workingDirectory: broken })).message).toContain("no regex");
});

test("inside keys are read newest first; a key that others may read is refused", async () => {
  const keys = [await generateSealKey(), await generateSealKey()];
  const workingDirectory = await folder({ "inside.json": JSON.stringify({ keys }) });
  const sealKeyFile = join(workingDirectory, "inside.json");
  const { insideKeys } = await openBoundary({ ...NONE, workingDirectory, sealKeyFile });
  expect(insideKeys.map(({ kid }) => kid)).toEqual(keys.map(({ kid }) => kid));
  chmodSync(sealKeyFile, 0o644);
  const error = await refusal({ workingDirectory, sealKeyFile });
  expect(error.message).toContain("WEIR_AGENT_SEAL_KEY_FILE");
  expect(error.message).not.toContain(keys[0]?.d ?? "-");
});

test("a key of the wrong kind is told, not used", async () => {
  const workingDirectory = await folder({ "key.json": JSON.stringify({ kty: "oct", k: "c2VjcmV0" }) });
  const file = join(workingDirectory, "key.json");
  const wrong: Partial<Files>[] = [{ sealKeyFile: file }, { signKeyFile: file }];
  for (const one of wrong) {
    const { message } = await refusal({ workingDirectory, ...one });
    expect(message).not.toContain("c2VjcmV0");
  }
});
