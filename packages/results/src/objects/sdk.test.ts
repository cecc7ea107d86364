import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

async function lines(script: string): Promise<string[]> {
  const path = join(import.meta.dirname, "..", "testing", script);
  const { stdout } = await promisify(execFile)(process.execPath, [path]);
  return stdout.trim().split("\n");
}

test("importing the package and making stores loads no SDK, and nothing of what writes and reads", async () => {
  const loaded = await lines("loaded-modules.ts");
  const heavy =
    /node_modules|node:zlib|node:v8|-objects|object-bytes|local-writer|local-reader|encrypted-bytes|pseudonymous-bytes/;
  expect(loaded.filter((url) => heavy.test(url))).toEqual([]);
  // Each file costs every flow's process about half a millisecond.
  expect(loaded.length).toBeLessThan(24);
});

test("a missing SDK is told by name, with the command that installs it", async () => {
  const told = await lines("without-sdks.ts");
  const packages = ["@aws-sdk/client-s3", "@google-cloud/storage", "@azure/storage-blob"];
  const acts = ["write", "read"];
  expect(told).toEqual(
    acts.flatMap((act) =>
      packages.map((name) =>
        expect.stringMatching(
          new RegExp(
            `^StoreError: Could not ${act} results at \\w+://\\w/: this store needs the package ${name}, which is not installed\\. Run \`npm install ${name}\``,
          ),
        ),
      ),
    ),
  );
});
