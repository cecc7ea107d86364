import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LocalStorage } from "@weir/protocol";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** A directory with a flow's code and an SDK installed beside it, whose child is the fake one. */
export interface FlowDirectory {
  readonly directory: string;
  /** As it would have been registered. */
  readonly storage: LocalStorage;
  remove(): Promise<void>;
}

/** Writes such a directory below the system's temporary one. */
export async function makeFlowDirectory(): Promise<FlowDirectory> {
  const directory = await mkdtemp(join(tmpdir(), "weir-flow-"));
  const sdk = join(directory, "node_modules", "@weir", "sdk");
  await mkdir(sdk, { recursive: true });
  const manifest = { name: "@weir/sdk", version: "0.0.0", type: "module", exports: { "./child": "./child.js" } };
  await writeFile(join(sdk, "package.json"), JSON.stringify(manifest));
  // Node strips no types below node_modules, but it does where the fake child itself stands.
  await writeFile(
    join(sdk, "child.js"),
    `await import(${JSON.stringify(new URL("fake-child.ts", import.meta.url).href)});\n`,
  );
  const files: { path: string; sha256: string }[] = [];
  for (const path of ["flow.ts", "clean.ts"]) {
    const text = `// ${path}\n`;
    await writeFile(join(directory, path), text);
    files.push({ path, sha256: sha256(text) });
  }
  const codeDigest = sha256(
    files
      .map((file) => `${file.sha256}  ${file.path}\n`)
      .sort()
      .join(""),
  );
  const storage: LocalStorage = { kind: "local", directory, entry: "flow.ts", codeDigest, files };
  return { directory, storage, remove: () => rm(directory, { recursive: true, force: true }) };
}
