import { execFile, execFileSync } from "node:child_process";
import { chmod, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { describeStore } from "../testing/describe-store.ts";
import { emptyDirectory, localPlace } from "../testing/local-place.ts";
import { writeError } from "./local-errors.ts";
import { localStore } from "./local-store.ts";
import type { Where } from "../store.ts";

const WHERE: Where = { runId: "r1", flow: "f", task: "t", taskRunNumber: 1, attempt: 1, tryNumber: 1 };

describeStore("local", localPlace);

test("a result is a readable file that only this user can read, and no temporary file stays", async () => {
  const directory = await emptyDirectory();
  const { location, bytes } = await localStore({ directory }).write({ rows: [1, 2] }, WHERE);
  expect(location).toBe(pathToFileURL(join(directory, "f/r1/t-1-a1-t1.json")).href + "#14");
  const path = fileURLToPath(location);
  expect(await readFile(path, "utf8")).toBe('{"rows":[1,2]}');
  const found = await stat(path);
  expect(found.size).toBe(bytes);
  expect(found.mode & 0o777).toBe(0o600);
  expect(await readdir(join(directory, "f/r1"))).toEqual(["t-1-a1-t1.json"]);
});

test("a value of several megabytes is whole", async () => {
  const store = localStore({ directory: await emptyDirectory() });
  const value = Array.from({ length: 300_000 }, (_, i) => `row ${i}`);
  const { location } = await store.write(value, WHERE);
  expect(await store.read(location)).toEqual(value);
});

async function writeMany(directory: string, count: number): Promise<string[]> {
  const store = localStore({ directory });
  const writes = Array.from({ length: count }, (_, i) => store.write({ i }, { ...WHERE, taskRunNumber: i + 1 }));
  return (await Promise.all(writes)).map(({ location }) => location);
}

test("many small results at once share files, and each has a location of its own", async () => {
  const directory = join(await emptyDirectory(), "not there", "yet");
  const locations = await writeMany(directory, 2_500);
  expect(new Set(locations).size).toBe(2_500);
  const files = await readdir(join(directory, "f/r1"));
  expect(files.length).toBeLessThan(10);
  expect(files.every((file) => /^pack-a1-[0-9a-f]{16}\.jsonl$/.test(file))).toBe(true);
  // A store that has written nothing itself, as after a restart.
  const store = localStore({ directory });
  expect(await Promise.all(locations.map((location) => store.read(location)))).toEqual(
    locations.map((_, i) => ({ i })),
  );
  expect(await store.exists(locations[2_499] ?? "")).toBe(true);
});

test("more results at once than the process may have files open", async () => {
  const script = join(import.meta.dirname, "..", "testing", "write-large.ts");
  const limited = ["-c", 'ulimit -n 60; exec "$0" "$@"', process.execPath, script, await emptyDirectory()];
  const { stdout } = await promisify(execFile)("sh", limited);
  expect(stdout.trim()).toBe("100");
});

test("results that come alone have files of their own, until a run has many", async () => {
  const directory = await emptyDirectory();
  const store = localStore({ directory });
  const locations: string[] = [];
  for (let i = 0; i < 70; i += 1) {
    locations.push((await store.write(i, { ...WHERE, taskRunNumber: i + 1 })).location);
    expect(await store.read(locations[i] ?? "")).toBe(i);
  }
  expect(locations.filter((location) => /\.json#\d$/.test(location))).toHaveLength(64);
  expect(locations[69]).toMatch(/\/pack-a1-[0-9a-f]{16}\.jsonl#\d+,2$/);
  expect(await readdir(join(directory, "f/r1"))).toHaveLength(65);
  expect(await store.read(locations[64] ?? "")).toBe(64);
});

test("of a log that is too large to keep, each value is read by itself", async () => {
  const store = localStore({ directory: await emptyDirectory() });
  const value = (i: number) => `${i} ${"x".repeat(16_000)}`;
  const writes = Array.from({ length: 600 }, (_, i) => store.write(value(i), { ...WHERE, taskRunNumber: i + 1 }));
  const locations = (await Promise.all(writes)).map(({ location }) => location);
  expect(new Set(locations.map((location) => location.replace(/#.*/, ""))).size).toBe(1);
  expect(await store.read(locations[599] ?? "")).toBe(value(599));
  expect(await store.read(locations[0] ?? "")).toBe(value(0));
});

test("large results do not share a file, even when they come together", async () => {
  const directory = await emptyDirectory();
  const store = localStore({ directory });
  const values = ["x".repeat(20_000), "small", "y".repeat(20_000), "little"];
  await Promise.all(values.map((value, i) => store.write(value, { ...WHERE, taskRunNumber: i + 1 })));
  const files = (await readdir(join(directory, "f/r1"))).sort();
  expect(files).toEqual([expect.stringMatching(/^pack-/), "t-1-a1-t1.json", "t-3-a1-t1.json"]);
});

test("results of different runs do not share a file", async () => {
  const directory = await emptyDirectory();
  const store = localStore({ directory });
  const writes = ["r1", "r2", "r1", "r2"].map((runId, i) => store.write(i, { ...WHERE, runId, taskRunNumber: i + 1 }));
  const written = await Promise.all(writes);
  expect(written.map(({ location }) => location.includes("/r1/"))).toEqual([true, false, true, false]);
  expect(await Promise.all(written.map(({ location }) => store.read(location)))).toEqual([0, 1, 2, 3]);
});

test("a pack that was cut off is told for the results behind the cut, and read for the others", async () => {
  const directory = await emptyDirectory();
  const locations = await writeMany(directory, 10);
  const pack = fileURLToPath((locations[0] ?? "").replace(/#.*/, ""));
  await writeFile(pack, (await readFile(pack)).subarray(0, 60));
  const store = localStore({ directory });
  expect(await store.read(locations[0] ?? "")).toEqual({ i: 0 });
  await expect(store.read(locations[9] ?? "")).rejects.toThrow("it was cut off");
  expect(await store.exists(locations[9] ?? "")).toBe(false);
});

test("when writing fails, each result of the group is told, and the next ones are written", async () => {
  const directory = await emptyDirectory();
  await writeFile(join(directory, "f"), "in the way");
  const store = localStore({ directory });
  const writes = await Promise.allSettled([1, 2, 3].map((i) => store.write(i, { ...WHERE, taskRunNumber: i })));
  expect(writes.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  await rm(join(directory, "f"));
  const { location } = await store.write("after", WHERE);
  expect(await store.read(location)).toBe("after");
});

test.each(["file:///etc/passwd", "/etc/passwd", "memory:f/r1/x", "file:///%00", "http://localhost/x"])(
  "the location %s is outside and is not read",
  async (location) => {
    const store = localStore({ directory: await emptyDirectory() });
    await expect(store.read(location)).rejects.toThrow("is not below the results directory");
    await expect(store.exists(location)).rejects.toThrow("is not below the results directory");
  },
);

test("neither dots, nor a neighbour of the same beginning, nor a symbolic link lead outside", async () => {
  const directory = await emptyDirectory();
  const secret = `${directory}-other.json`;
  onTestFinished(async () => await rm(secret));
  await writeFile(secret, '"secret"');
  await mkdir(join(directory, "f"));
  await symlink(secret, join(directory, "f", "link.json"));
  const store = localStore({ directory });
  const base = pathToFileURL(directory).href;
  for (const location of [`${base}-other.json`, `${base}/../${secret.split("/").at(-1)}`, `${base}/f/link.json`]) {
    await expect(store.read(location)).rejects.toThrow("is not below the results directory");
  }
});

test.each([
  ["123", "12"],
  ["123", "1234"],
  ['{"a":1}', '{"a":12}'],
  ['"abc"', '"ab'],
  ['"abc"', ""],
])("a file that held %s and holds %j is told, though it may be good JSON", async (was, is) => {
  const store = localStore({ directory: await emptyDirectory() });
  const { location } = await store.write(JSON.parse(was), WHERE);
  await writeFile(fileURLToPath(location), is);
  await expect(store.read(location)).rejects.toMatchObject({ code: "RESULT_TRUNCATED" });
  await expect(store.read(location)).rejects.toThrow(
    /t-1-a1-t1\.json is not what was written: it had \d bytes and has \d/,
  );
  expect(await store.exists(location)).toBe(false);
});

test("a location without a size, as older versions wrote them, is read; what is no JSON any more is told", async () => {
  const store = localStore({ directory: await emptyDirectory() });
  const location = (await store.write({ a: 1 }, WHERE)).location.replace(/#.*/, "");
  expect(await store.read(location)).toEqual({ a: 1 });
  expect(await store.exists(location)).toBe(true);
  await writeFile(fileURLToPath(location), '{"a":[1,');
  await expect(store.read(location)).rejects.toThrow(/it is not what the serializer json writes.*changed or cut off/);
});

test("at a template's place, which names no size, a number that was cut off is told all the same", async () => {
  const store = localStore({ directory: await emptyDirectory(), location: "{task}.json" });
  const { location, bytes } = await store.write(123, WHERE);
  expect(location).toMatch(/\/t\.json$/);
  expect((await stat(fileURLToPath(location))).size).toBe(bytes);
  await writeFile(fileURLToPath(location), "12");
  await expect(store.read(location)).rejects.toMatchObject({ code: "RESULT_TRUNCATED" });
});

test("a task's own template goes before the store's", async () => {
  const directory = await emptyDirectory();
  const store = localStore({ directory, location: "{flow}/{task}.json" });
  const { location } = await store.write(1, { ...WHERE, template: "own/{task}.json" });
  expect(fileURLToPath(location)).toBe(join(directory, "own/t.json"));
  expect(() => localStore({ directory, location: "{tsak}.json" })).toThrow("it has no name {tsak}");
});

test("a template's file appears whole, and nothing else stays beside it", async () => {
  const directory = await emptyDirectory();
  const store = localStore({ directory, location: "{task}.json" });
  await Promise.allSettled(Array.from({ length: 8 }, (_, i) => store.write(`${i} ${"x".repeat(50_000)}`, WHERE)));
  expect(await readdir(directory)).toEqual(["t.json"]);
  expect(await store.read(store.locate?.(WHERE) ?? "")).toMatch(/^\d x{50000}$/);
});

test("a directory without rights: another user is told what is missing, for writing and for reading", async ({
  skip,
}) => {
  if (process.getuid?.() !== 0) return skip("becoming another user needs root");
  const directory = await emptyDirectory();
  const { location } = await localStore({ directory }).write(1, WHERE);
  // Others may look into it and no more; the result itself is of mode 0600, its directories of 0700.
  await chmod(directory, 0o555);
  const script = join(import.meta.dirname, "..", "testing", "try-store.ts");
  const nobody = { uid: 65_534, gid: 65_534, cwd: "/" };
  const running = promisify(execFile)(process.execPath, [script, directory, location], nobody);
  const { stdout } = await running.catch(() => skip("the checkout lies where other users cannot read it"));
  const [writing, reading] = stdout.trim().split("\n");
  expect(writing).toMatch(
    /^StoreError: Could not write the result .*f2.*: this user may not write there\. Grant it the right/,
  );
  expect(reading).toMatch(
    /^StoreError: Could not read the result .*t-1-a1-t1\.json: this user may not read it\. Grant it the right/,
  );
});

test("a path through a file names path, cause and remedy", async () => {
  const directory = await emptyDirectory();
  await writeFile(join(directory, "f"), "in the way");
  const writing = localStore({ directory }).write(1, WHERE);
  await expect(writing).rejects.toMatchObject({ code: "RESULT_WRITE_FAILED" });
  await expect(writing).rejects.toThrow(
    /Could not write the result .*t-1-a1-t1\.json: .*Choose another results directory/,
  );
});

test.each([
  ["EACCES", "this user may not write there. Grant it the right"],
  ["EROFS", "the file system is read-only. Choose another results directory"],
])("a directory that cannot be written to (%s) names path, cause and remedy", (code, sentence) => {
  const error = writeError("/data/x.json", Object.assign(new Error("open"), { code }));
  expect(error.code).toBe("RESULT_WRITE_FAILED");
  expect(error.message).toContain(`Could not write the result /data/x.json: ${sentence}`);
});

test.each(["ENOSPC", "EDQUOT"])("a full disk (%s) has a code of its own", (code) => {
  const error = writeError("/data/x.json", Object.assign(new Error("write"), { code }));
  expect(error.code).toBe("STORAGE_FULL");
  expect(error.message).toMatch(/^Could not write the result \/data\/x\.json: the disk.* Free space there/);
});

/** A file system of 64 KiB, or null where this process may not mount one. */
async function tinyDisk(): Promise<string | null> {
  const directory = await emptyDirectory();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", directory], { stdio: "ignore" });
    onTestFinished(() => void execFileSync("umount", [directory]));
    return directory;
  } catch {
    return null;
  }
}

test("a truly full disk is told, leaves nothing behind and takes smaller results again", async ({ skip }) => {
  const directory = await tinyDisk();
  if (directory === null) return skip("mounting a small tmpfs needs root with CAP_SYS_ADMIN");
  const store = localStore({ directory });
  await expect(store.write("x".repeat(200_000), WHERE)).rejects.toMatchObject({ code: "STORAGE_FULL" });
  expect(await readdir(join(directory, "f/r1"))).toEqual([]);
  const { location } = await store.write("small", WHERE);
  expect(await store.read(location)).toBe("small");
});

test("a location longer than the line can carry is refused before anything is written", async () => {
  const directory = join(await emptyDirectory(), ...Array.from({ length: 30 }, () => "d".repeat(80)));
  await expect(localStore({ directory }).write(1, WHERE)).rejects.toThrow("more than 2048 characters");
});
