import { execFileSync } from "node:child_process";
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { codeChanged } from "./code-check.ts";
import { makeFlowDirectory } from "./testing/flow-directory.ts";
import { setStage } from "./testing/stage.ts";

async function flowDirectory() {
  const made = await makeFlowDirectory();
  onTestFinished(() => made.remove());
  return made;
}

test("code as it was registered is accepted", async () => {
  expect(await codeChanged((await flowDirectory()).storage)).toBe(null);
});

test("changed, missing and foreign files are named, each with what is wrong", async () => {
  const { directory, storage } = await flowDirectory();
  await writeFile(join(directory, "clean.ts"), "// tampered\n");
  await rm(join(directory, "flow.ts"));
  const sha256 = "0".repeat(64);
  const files = [...storage.files, { path: "../../etc/passwd", sha256 }, { path: "/etc/passwd", sha256 }];
  const failure = await codeChanged({ ...storage, files });
  expect(failure?.code).toBe("CODE_CHANGED");
  for (const part of [
    directory,
    "clean.ts (changed)",
    "flow.ts (missing)",
    "../../etc/passwd (leaves the directory)",
    "/etc/passwd (leaves the directory)",
    "Register the flow again",
  ])
    expect(failure?.message).toContain(part);
});

test("an entry that is not among the checked files is refused", async () => {
  const { storage } = await flowDirectory();
  expect((await codeChanged({ ...storage, entry: "other.ts" }))?.message).toContain("other.ts (the entry");
});

test("a run whose code has changed fails before anything is loaded", async () => {
  const { begin, flow } = await setStage();
  await writeFile(join(flow.directory, "flow.ts"), "// changed\n");
  const { handle, run } = begin({});
  expect(await handle.done).toEqual({ kind: "finished", state: "Failed" });
  expect(run.events).toHaveLength(1);
  expect(run.events[0]).toMatchObject({ kind: "flow", state: "Failed", failure: { code: "CODE_CHANGED" } });
});

test("what is no file of code is not read: a device without end, a pipe that nobody writes to, a directory", async () => {
  const { directory, storage } = await flowDirectory();
  await symlink("/dev/zero", join(directory, "zero.ts"));
  execFileSync("mkfifo", [join(directory, "pipe.ts")]);
  await mkdir(join(directory, "folder.ts"));
  const files = ["zero.ts", "pipe.ts", "folder.ts"].map((path) => ({ path, sha256: "0".repeat(64) }));
  const failure = await codeChanged({ ...storage, files: [...storage.files, ...files] });
  for (const { path } of files) expect(failure?.message).toContain(`${path} (not a file of code)`);
});

test("a digest that is not the one of the files is refused", async () => {
  const { storage } = await flowDirectory();
  const failure = await codeChanged({ ...storage, codeDigest: "0".repeat(64) });
  expect(failure?.message).toContain("the list of files (not the one that the registered digest is of)");
});
