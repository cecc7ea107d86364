import { mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { sdkEntryOf } from "./sdk-entry.ts";
import { type FlowDirectory, makeFlowDirectory } from "./testing/flow-directory.ts";

async function flowDirectory(): Promise<FlowDirectory> {
  const made = await makeFlowDirectory();
  onTestFinished(() => made.remove());
  return made;
}

function problemOf(flow: FlowDirectory, entry = "flow.ts"): string {
  const found = sdkEntryOf({ ...flow.storage, entry });
  expect(found).toMatchObject({ ok: false, failure: { code: "FLOW_NOT_LOADED" } });
  return found.ok ? "" : found.failure.message;
}

async function exportChild(flow: FlowDirectory, exported: unknown): Promise<void> {
  const manifest = { name: "@weir/sdk", exports: { "./child": exported } };
  await writeFile(join(flow.directory, "node_modules/@weir/sdk/package.json"), JSON.stringify(manifest));
}

test("the SDK is the one that the flow itself would import, beside it or further up", async () => {
  const flow = await flowDirectory();
  const path = join(flow.directory, "node_modules/@weir/sdk/child.js");
  expect(sdkEntryOf(flow.storage)).toEqual({ ok: true, path });
  await mkdir(join(flow.directory, "deep/er"), { recursive: true });
  expect(sdkEntryOf({ ...flow.storage, entry: "deep/er/flow.ts" })).toEqual({ ok: true, path });
});

test("an SDK that was updated, removed or put back is noticed without a restart", async () => {
  const flow = await flowDirectory();
  const scope = join(flow.directory, "node_modules/@weir");
  expect(sdkEntryOf(flow.storage).ok).toBe(true);
  await rename(join(scope, "sdk"), join(scope, "sdk-2"));
  expect(problemOf(flow)).toContain("npm install @weir/sdk");
  await symlink("sdk-2", join(scope, "sdk"));
  expect(sdkEntryOf(flow.storage)).toEqual({ ok: true, path: join(scope, "sdk-2/child.js") });
  await rm(join(scope, "sdk-2/child.js"));
  expect(problemOf(flow)).toContain("ENOENT");
});

test("exports may have conditions; the first that holds counts", async () => {
  const flow = await flowDirectory();
  await exportChild(flow, {
    browser: "./no.js",
    types: "./no.d.ts",
    node: { require: "./no.js", import: "./child.js" },
  });
  expect(sdkEntryOf(flow.storage).ok).toBe(true);
  await exportChild(flow, { browser: "./no.js" });
  expect(problemOf(flow)).toContain("has no entry for flow processes");
});

test("an entry that leaves the directory is not followed", async () => {
  expect(problemOf(await flowDirectory(), "../elsewhere/flow.ts")).toContain("leaves the directory");
});
