import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** One process as /proc shows it. */
export interface Process {
  readonly pid: number;
  readonly parent: number;
  /** `Z`: dead, and waiting to be reaped by its parent. */
  readonly state: string;
  readonly group: number;
  /** When it began, in ticks since the machine did: with the pid it is this process and no later one of the same number. */
  readonly born: number;
  readonly command: string;
}

/** Every living process of this machine that we may look at. */
function allProcesses(): Process[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)) ?? [])
    .filter(({ state }) => state !== "Z");
}

/**
 * Every living process that belongs to a world: those whose TMPDIR is the world's, and those that work below its directory.
 * TMPDIR, because it is on the allow-list of variables that a flow's process inherits: a marker of our own would stop at the agent.
 * The working directory, because Postgres overwrites its environment with the title that `ps` shows.
 */
export function processesOf(directory: string): Process[] {
  const marker = `TMPDIR=${directory}\u0000`;
  return allProcesses().filter(
    ({ pid }) => environmentOf(pid).includes(marker) || isBelow(workingDirectoryOf(pid), directory),
  );
}

/** A process and all that descend from it, also those that carry no mark of a world. */
export function familyOf(root: number): Process[] {
  const all = allProcesses();
  const family = new Set([root]);
  for (let before = 0; before !== family.size;) {
    before = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
  }
  return all.filter(({ pid }) => family.has(pid));
}

/** Those that still live. */
export function survivorsOf(processes: readonly Process[]): Process[] {
  return processes.filter(({ pid, born }) => {
    const now = readProcess(pid);
    return now !== undefined && now.born === born && now.state !== "Z";
  });
}

/** Place of the 22nd field of a process's `stat`, counted after its name. */
const BORN = 19;

/** Undefined when there is no such process any more. */
function readProcess(pid: number): Process | undefined {
  const stat = readOrEmpty(`/proc/${pid}/stat`);
  // The name stands in brackets and may hold anything, brackets too.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state = "", parent = "", group = ""] = fields;
  if (state === "") return undefined;
  const command = readOrEmpty(`/proc/${pid}/cmdline`).replaceAll("\u0000", " ").trim();
  return { pid, parent: Number(parent), state, group: Number(group), born: Number(fields[BORN]), command };
}

/** Variables of a process as `NAME=value` joined by NUL; empty for a process that is gone or not ours. */
export function environmentOf(pid: number): string {
  return `${readOrEmpty(`/proc/${pid}/environ`)}\u0000`;
}

function workingDirectoryOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return "";
  }
}

function isBelow(path: string, directory: string): boolean {
  return path === directory || path.startsWith(`${directory}/`);
}

// A process may end between two reads of its folder: then there is nothing to tell of it.
function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
