import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { ResultLog } from "./result-log.ts";

async function emptyDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "weir-log-"));
  onTestFinished(async () => await rm(directory, { recursive: true }));
  return directory;
}

test("appends follow one another, and each says where it begins", async () => {
  const log = new ResultLog(await emptyDirectory(), 3, () => undefined);
  expect([await log.append(Buffer.from("ab\n")), await log.append(Buffer.from("c\n"))]).toEqual([0, 3]);
  expect(await readFile(log.path, "utf8")).toBe("ab\nc\n");
  expect(log.path).toMatch(/pack-a3-[0-9a-f]{16}\.jsonl$/);
});

test("a disk that keeps something else is found out, and nothing more is appended", async () => {
  const closed = vi.fn();
  const lying = async (path: string) => {
    const file = await open(path, "wx+");
    const write = file.write.bind(file) as (
      content: Buffer,
      ...rest: number[]
    ) => Promise<{ bytesWritten: number; buffer: Buffer }>;
    return Object.assign(file, {
      write: async (content: Buffer, ...rest: number[]) =>
        await write(Buffer.from(content.toString().toUpperCase()), ...rest),
    });
  };
  const log = new ResultLog(await emptyDirectory(), 1, closed, lying);
  await expect(log.append(Buffer.from("ab\n"))).rejects.toThrow(
    "of 3 bytes appended, 3 were taken and 3 read back, and they differ",
  );
  expect(closed).toHaveBeenCalledOnce();
});

test("a log that nothing comes to is closed after a while", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const closed = vi.fn();
  const log = new ResultLog(await emptyDirectory(), 1, closed);
  await log.append(Buffer.from("a\n"));
  vi.advanceTimersByTime(1_500);
  await log.append(Buffer.from("b\n"));
  vi.advanceTimersByTime(1_500);
  expect(closed).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1_000);
  expect(closed).toHaveBeenCalledOnce();
});
