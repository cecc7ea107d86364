import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FlowRegistration, storedPath } from "@weir/protocol";
import { expect, onTestFinished, test } from "vitest";
import { storeCode } from "./store-code.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

function folderOf(texts: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "weir store "));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "lib"));
  for (const [path, text] of Object.entries(texts)) writeFileSync(join(folder, path), text);
  return folder;
}

const CODE = { "flow.ts": "// flow", "lib/helper.ts": "// helper" };

function registrationOf(directory: string): FlowRegistration {
  const files = Object.entries(CODE).map(([path, text]) => ({ path, sha256: sha256(text) }));
  const storage = { kind: "local" as const, directory, entry: "flow.ts", codeDigest: "0".repeat(64), files };
  return { name: "f", labels: [], tasks: [], storage, sdkVersion: "1" };
}

const MANIFEST = '{"type":"module"}';

test("each file lies under its digest, the package.json too, and the registration says where", async () => {
  const project = folderOf({ ...CODE, "package.json": MANIFEST });
  const cwd = folderOf();
  const [flow] = await storeCode({ cwd }, "shared/code", [registrationOf(project)]);
  const location = join(cwd, "shared/code");
  const files = [
    ...Object.entries(CODE).map(([path, text]) => ({ path, sha256: sha256(text) })),
    { path: "package.json", sha256: sha256(MANIFEST) },
  ];
  const codeDigest = sha256(
    files
      .map((file) => `${file.sha256}  ${file.path}\n`)
      .sort()
      .join(""),
  );
  expect(flow?.storage).toEqual({ kind: "stored", location, entry: "flow.ts", codeDigest, files });
  for (const text of [...Object.values(CODE), MANIFEST])
    expect(readFileSync(join(location, storedPath(sha256(text))), "utf8")).toBe(text);
});

test("what is there stays, what is broken there is put right, and nothing else is left", async () => {
  const project = folderOf(CODE);
  const location = folderOf();
  const place = (text: string) => join(location, storedPath(sha256(text)));
  const put = () => storeCode({ cwd: "/" }, location, [registrationOf(project)]);
  await put();
  writeFileSync(place("// flow"), "half");
  await put();
  expect(readFileSync(place("// flow"), "utf8")).toBe("// flow");
  expect(readdirSync(join(place("// flow"), ".."))).toEqual([sha256("// flow")]);
});

test("a file that was changed since it was looked at is not stored", async () => {
  const project = folderOf({ ...CODE, "lib/helper.ts": "// changed" });
  const location = folderOf();
  await expect(storeCode({ cwd: "/" }, location, [registrationOf(project)])).rejects.toThrow(
    "lib/helper.ts was changed meanwhile",
  );
  expect(existsSync(join(location, storedPath(sha256("// changed"))))).toBe(false);
});

test("an object store, and a place that cannot be written, are one sentence", async () => {
  const flows = [registrationOf(folderOf(CODE))];
  await expect(storeCode({ cwd: "/" }, "s3://bucket/code", flows)).rejects.toThrow("s3: is none");
  const file = join(folderOf({ "a file": "" }), "a file");
  await expect(storeCode({ cwd: "/" }, file, flows)).rejects.toThrow("it cannot be written there (ENOTDIR)");
});
