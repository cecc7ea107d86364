import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openAgentDirectory } from "./agent-directory.ts";
import { temporaryDirectory } from "./testing/start.ts";

test("the digest key is made once, readable by its owner alone", async () => {
  const directory = join(await temporaryDirectory(), "agent");
  const first = await openAgentDirectory(directory);
  first.close();
  const second = await openAgentDirectory(directory);
  onTestFinished(() => second.close());
  expect(first.hmacKey).toHaveLength(32);
  expect(second.hmacKey).toEqual(first.hmacKey);
  expect((await stat(join(directory, "hmac-key"))).mode & 0o777).toBe(0o600);
});

test("a second agent is told that the directory is in use", async () => {
  const directory = await temporaryDirectory();
  const first = await openAgentDirectory(directory);
  onTestFinished(() => first.close());
  await expect(openAgentDirectory(directory, { lockWaitMs: 0 })).rejects.toThrow(
    /Another agent uses the directory .*WEIR_AGENT_DIRECTORY/,
  );
});

const HOLDER = `
  const { openAgentDirectory } = await import(process.argv[1]);
  await openAgentDirectory(process.argv[2]);
  console.log("held");
  setInterval(() => {}, 1000);
`;

test("an agent that was killed does not lock its successor out", async () => {
  const directory = await temporaryDirectory();
  const module = join(import.meta.dirname, "agent-directory.ts");
  const killed = spawn(process.execPath, ["--input-type=module", "-e", HOLDER, module, directory], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void killed.kill("SIGKILL"));
  await once(killed.stdout, "data");
  await expect(openAgentDirectory(directory, { lockWaitMs: 0 })).rejects.toThrow(/Another agent/);
  killed.kill("SIGKILL");
  const successor = await openAgentDirectory(directory);
  successor.close();
});

test("a key that is not whole is no key", async () => {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, "hmac-key"), "c2hvcnQ\n");
  await expect(openAgentDirectory(directory)).rejects.toThrow(/hmac-key has 5 bytes instead of 32/);
});

test("a directory that cannot be is a sentence", async () => {
  const file = join(await temporaryDirectory(), "file");
  await writeFile(file, "");
  await expect(openAgentDirectory(join(file, "agent"))).rejects.toThrow(
    /The agent's directory .* cannot be used: .*WEIR_AGENT_DIRECTORY/,
  );
  await mkdir(join(await temporaryDirectory(), "other"));
});
