import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type StoredCode, storedPath } from "@weir/protocol";
import { expect, onTestFinished, test } from "vitest";
import { localCode } from "./stored-code.ts";
import { setStage } from "./testing/stage.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

function directoryOf(): string {
  const directory = mkdtempSync(join(tmpdir(), "weir stored "));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A store that holds these files, and what would be registered of them. */
function store(texts: Readonly<Record<string, string>>): StoredCode {
  const location = directoryOf();
  const files = Object.entries(texts).map(([path, text]) => ({ path, sha256: sha256(text) }));
  for (const text of Object.values(texts)) {
    const file = join(location, storedPath(sha256(text)));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const lines = files.map((file) => `${file.sha256}  ${file.path}\n`);
  return { kind: "stored", location, entry: "flow.ts", codeDigest: sha256(lines.sort().join("")), files };
}

const FILES = { "flow.ts": "// flow", "lib/helper.ts": "// helper" };

async function problemOf(storage: StoredCode, codeDirectory: string | null = directoryOf()): Promise<string> {
  const local = await localCode(storage, codeDirectory);
  if (!("failure" in local)) return expect.unreachable("it was fetched");
  expect(local.failure.code).toBe("FLOW_NOT_LOADED");
  // Nothing of it is there under its name, nor half of it under another.
  if (codeDirectory !== null) for (const path of readdirSync(codeDirectory)) expect(path).toMatch(/^[0-9a-f]{64}$/);
  return local.failure.message;
}

test("stored code is fetched below a directory of its own, and is read by nobody else", async () => {
  const storage = store(FILES);
  const codeDirectory = directoryOf();
  const directory = join(codeDirectory, storage.codeDigest);
  const { entry, codeDigest, files } = storage;
  expect(await localCode(storage, codeDirectory)).toEqual({ kind: "local", directory, entry, codeDigest, files });
  expect(readFileSync(join(directory, "lib/helper.ts"), "utf8")).toBe("// helper");
  expect(statSync(join(directory, "flow.ts")).mode & 0o077).toBe(0);
  expect(readdirSync(join(directory, "lib"))).toEqual(["helper.ts"]);
});

test("what is here is not fetched again; what was changed here is put right", async () => {
  const storage = store(FILES);
  const codeDirectory = directoryOf();
  await localCode(storage, codeDirectory);
  const flow = join(codeDirectory, storage.codeDigest, "flow.ts");
  writeFileSync(flow, "// changed on the agent");
  await localCode(storage, codeDirectory);
  expect(readFileSync(flow, "utf8")).toBe("// flow");
  rmSync(storage.location, { recursive: true });
  expect(await localCode(storage, codeDirectory)).toMatchObject({ kind: "local" });
});

test("many runs that fetch the same code at once all get it whole", async () => {
  const storage = store(FILES);
  const codeDirectory = directoryOf();
  const all = await Promise.all(Array.from({ length: 8 }, () => localCode(storage, codeDirectory)));
  for (const local of all) expect(local).toMatchObject({ kind: "local" });
  expect(readdirSync(join(codeDirectory, storage.codeDigest)).sort()).toEqual(["flow.ts", "lib"]);
});

test("a stored file with another content than its name says is not taken", async () => {
  const storage = store(FILES);
  writeFileSync(join(storage.location, storedPath(sha256("// helper"))), "// evil");
  const codeDirectory = directoryOf();
  expect(await problemOf(storage, codeDirectory)).toContain("lib/helper.ts is not what was registered");
  expect(existsSync(join(codeDirectory, storage.codeDigest, "lib/helper.ts"))).toBe(false);
});

test("what is no file is not read, and holds nothing up", async () => {
  const storage = store(FILES);
  const file = join(storage.location, storedPath(sha256("// flow")));
  rmSync(file);
  execFileSync("mkfifo", [file]);
  expect(await problemOf(storage)).toContain("flow.ts cannot be read");
});

test.each<[string, Partial<StoredCode>, string]>([
  ["a file that is not there", { location: directoryOfNothing() }, "flow.ts is not there (sha256/"],
  ["an object store", { location: "s3://bucket/code" }, "its location is no absolute path"],
  ["a path that leads out", { files: [{ path: "../flow.ts", sha256: sha256("// flow") }] }, "leaves the directory"],
  ["a digest of other files", { codeDigest: "a".repeat(64) }, "its digest is not that of its files"],
])("%s is told, and nothing is written", async (_what, change, sentence) => {
  const message = await problemOf({ ...store(FILES), ...change });
  expect(message).toContain(sentence);
  expect(message).toContain("The code of the flow (flow.ts) was not taken from");
});

test("when it is told that a file is not to be had, no other is still being written; of two the first in order is told", async () => {
  const storage = store(FILES);
  const [first, second] = storage.files.map((file) => join(storage.location, storedPath(file.sha256)));
  const codeDirectory = directoryOf();
  rmSync(first ?? "");
  expect(await problemOf(storage, codeDirectory)).toContain("flow.ts is not there");
  expect(readFileSync(join(codeDirectory, storage.codeDigest, "lib/helper.ts"), "utf8")).toBe("// helper");
  // It takes longer to find that this one is another than that the second is not there.
  writeFileSync(first ?? "", "x".repeat(10_000_000));
  rmSync(second ?? "");
  expect(await problemOf(storage)).toContain("flow.ts is not what was registered");
});

function directoryOfNothing(): string {
  return join(tmpdir(), "weir stored nowhere");
}

test("an agent without a directory for code takes none, and one that cannot write says so", async () => {
  expect(await problemOf(store(FILES), null)).toContain("Set WEIR_AGENT_CODE_DIRECTORY");
  const file = join(directoryOf(), "file");
  writeFileSync(file, "");
  const local = await localCode(store(FILES), file);
  expect("failure" in local && local.failure.message).toContain(`it cannot be kept in ${file} (ENOTDIR)`);
});

test("a run of stored code finds the SDK in the node_modules of the agent's own directory", async () => {
  const storage = store({ "flow.ts": "// flow.ts\n" });
  // The stage's flow directory has an SDK installed, whose child is a fake one.
  const codeDirectory = (await setStage()).flow.directory;
  const stage = await setStage({ codeDirectory });
  const { handle } = stage.begin({}, { storage });
  expect(await handle.done).toEqual({ kind: "finished", state: "Success" });
  expect(existsSync(join(codeDirectory, storage.codeDigest, "flow.ts"))).toBe(true);
});
