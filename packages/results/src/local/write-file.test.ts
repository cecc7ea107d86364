import { mkdtemp, open, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { isTaken, writeFileWhole } from "./write-file.ts";

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

test.each(["EPERM", "ENOTSUP"])(
  "a file system without hard links (%s) publishes too, and replaces nothing",
  async (code) => {
    const directory = await mkdtemp(join(tmpdir(), "weir-write-"));
    onTestFinished(async () => await rm(directory, { recursive: true }));
    const linkFile = () => Promise.reject(Object.assign(new Error("link"), { code }));
    const path = join(directory, "x.json");
    await writeFileWhole(path, Buffer.from("1"), { isNew: true, linkFile });
    await expect(writeFileWhole(path, Buffer.from("2"), { isNew: true, linkFile })).rejects.toSatisfy(isTaken);
    expect(await readdir(directory)).toEqual(["x.json"]);
    expect(await readFile(path, "utf8")).toBe("1");
  },
);
