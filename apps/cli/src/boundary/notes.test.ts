import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_POLICY, readPolicy } from "@weir/gate";
import { expect, onTestFinished, test } from "vitest";
import { policyNotes } from "./notes.ts";

async function notesOf(text: string): Promise<string[]> {
  const directory = mkdtempSync(join(tmpdir(), "weir notes "));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, "policy.yaml");
  writeFileSync(file, `version: 1\n${text}`);
  return policyNotes(await readPolicy(file)).map((note) => note.replaceAll(directory, "HERE"));
}

test("an override that is milder than what holds for all is told, because somebody expects it to do something", async () => {
  const text = `classes: { log: seal }
overrides:
  - flow: debug
    classes: { log: send, exception: send, artifact: seal, run-name: redact }
`;
  expect(await notesOf(text)).toEqual([
    "Line 5: overrides[0].classes.log says send, which has no effect: seal holds for all, and an override only makes things stricter.",
    "Line 5: overrides[0].classes.exception says send, which has no effect: redact holds for all, and an override only makes things stricter.",
  ]);
});

test("files that are not on this machine are told; where the policy is used they may be there", async () => {
  expect(await notesOf("logs: { module: gone.ts }\ncode: { directories: [., gone] }\n")).toEqual([
    "Line 2: logs.module names HERE/gone.ts, which is not on this machine.",
    "Line 3: code.directories names HERE/gone, which is not on this machine.",
  ]);
});

test("there is nothing to be told of the defaults", () => {
  expect(policyNotes(DEFAULT_POLICY)).toEqual([]);
});
