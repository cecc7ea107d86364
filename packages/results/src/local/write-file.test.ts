import { mkdtemp, open, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { writeFileWhole } from "./write-file.ts";

/** Opens files of a disk that keeps something else than what it was given. */
function lyingDisk(kept: (content: Buffer) => Buffer) {
  return async (path: string) => {
    const file = await open(path, "wx+");
    const write = file.writeFile.bind(file);
    file.writeFile = async (content) => await write(kept(content as Buffer));
    return file;
  };
}

test.each<[string, (content: Buffer) => Buffer]>([
  ["cut off", (content) => content.subarray(0, -1)],
  ["longer", (content) => Buffer.concat([content, Buffer.from("x")])],
  ["changed", (content) => Buffer.from(content.toString().toUpperCase())],
])("what was read back is %s: it is told, and nothing stays", async (_how, kept) => {
  const directory = await mkdtemp(join(tmpdir(), "weir-write-"));
  onTestFinished(async () => await rm(directory, { recursive: true }));
  const writing = writeFileWhole(join(directory, "x.json"), Buffer.from('{"a":1}'), { openFile: lyingDisk(kept) });
  await expect(writing).rejects.toThrow(/of 7 bytes written, \d were read back and they differ/);
  expect(await readdir(directory)).toEqual([]);
});
