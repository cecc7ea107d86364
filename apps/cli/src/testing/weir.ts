import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { eventually } from "@weir/testing";

export const MAIN = resolve(import.meta.dirname, "../main.ts");
const ROOT = resolve(import.meta.dirname, "../../../..");

/** How one command line ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface WeirOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string;
}

/** A command line under way. */
export interface RunningWeir {
  readonly child: ChildProcess;
  readonly seen: { out: string; err: string };
  readonly ended: Promise<Ended>;
}

/** Starts `weir …` as a process of its own, with nothing of this process' environment but the path. */
export function startWeir(args: readonly string[], { env = {}, cwd = tmpdir(), input }: WeirOptions = {}): RunningWeir {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { PATH: process.env.PATH, HOME: tmpdir(), ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const seen = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (piece: string) => (seen.out += piece));
  child.stderr.setEncoding("utf8").on("data", (piece: string) => (seen.err += piece));
  // One that refuses its arguments ends without reading.
  child.stdin.on("error", () => {}).end(input ?? "");
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, ...seen }));
  return { child, seen, ended };
}

/** Runs `weir …` to its end. */
export async function weir(args: readonly string[], options: WeirOptions = {}): Promise<Ended> {
  return await startWeir(args, options).ended;
}

/** A folder with @weir/sdk and zod installed, as a user's project has them. */
export async function makeProject(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "weir cli "));
  await mkdir(join(folder, "node_modules", "@weir"), { recursive: true });
  await symlink(join(ROOT, "packages", "sdk"), join(folder, "node_modules", "@weir", "sdk"));
  const zod = dirname(createRequire(join(ROOT, "packages", "sdk", "package.json")).resolve("zod/package.json"));
  await symlink(zod, join(folder, "node_modules", "zod"));
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "mine", private: true, type: "module" }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

/** Removes a folder of `makeProject`. */
export async function removeProject(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

/** Waits until a command line that stays has written something. @throws Error with all that it wrote, when it ends before */
export async function written(running: RunningWeir, text: string): Promise<void> {
  let over = false;
  void running.ended.then(() => (over = true));
  await eventually(() => over || running.seen.out.includes(text), { timeoutMs: 120_000 });
  if (!running.seen.out.includes(text)) throw new Error(`it ended: ${running.seen.out}${running.seen.err}`);
}
