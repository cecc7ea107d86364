import { readdirSync, readFileSync } from "node:fs";

// Linux counts CPU time in ticks of 1/100 s, whatever the kernel's own clock is.
const MS_PER_TICK = 10;

/** CPU milliseconds of one process so far. */
export interface ProcessTime {
  readonly parent: number;
  /** Its own. */
  readonly self: number;
  /** Of its children that are over and were waited for, and of theirs. */
  readonly ended: number;
}

const READINGS = 5;

/**
 * Every process of the machine, by its pid. Empty where there is no /proc. A process that ends while they are read would be missing both
 * as itself and among its parent's ended children, so it is read again until the same ones were there twice.
 */
export function readProcesses(): ReadonlyMap<number, ProcessTime> {
  let processes = readOnce();
  for (let count = 1; count < READINGS; count += 1) {
    const again = readOnce();
    const same = again.size === processes.size && [...again.keys()].every((pid) => processes.has(pid));
    processes = again;
    if (same) break;
  }
  return processes;
}

function readOnce(): Map<number, ProcessTime> {
  const processes = new Map<number, ProcessTime>();
  for (const entry of list("/proc")) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    const time = processTime(read(`/proc/${pid}/stat`));
    if (time !== null) processes.set(pid, time);
  }
  return processes;
}

/** Reads a line of /proc/PID/stat. The name stands in brackets and may itself hold spaces and brackets, so count from the last one. */
export function processTime(stat: string): ProcessTime | null {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [parent, utime, stime, cutime, cstime] = [1, 11, 12, 13, 14].map((index) => Number(fields[index]));
  if (parent === undefined || Number.isNaN(parent)) return null;
  return {
    parent,
    self: ((utime ?? 0) + (stime ?? 0)) * MS_PER_TICK,
    ended: ((cutime ?? 0) + (cstime ?? 0)) * MS_PER_TICK,
  };
}

/** CPU milliseconds of a process's descendants, living and ended, without its own. */
export function timeBelow(processes: ReadonlyMap<number, ProcessTime>, pid: number): number {
  let sum = processes.get(pid)?.ended ?? 0;
  for (const [child, time] of processes) {
    if (time.parent === pid) sum += time.self + timeBelow(processes, child);
  }
  return sum;
}

/** Busy milliseconds of all cores together since the machine started: user, nice, system, interrupts, and what the hypervisor took. */
export function machineTime(stat: string = read("/proc/stat")): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = stat
    .slice(0, stat.indexOf("\n"))
    .split(/\s+/u)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq + steal) * MS_PER_TICK;
}

export type MemoryKind = "now" | "peak";

const MEMORY_FIELD = { now: "VmRSS", peak: "VmHWM" } as const satisfies Record<MemoryKind, string>;

/** Bytes of a process that are in memory, now or at their most since it started. NaN where there is no such process. */
export function memoryOf(pid: number, kind: MemoryKind, status: string = read(`/proc/${pid}/status`)): number {
  const kibibytes = new RegExp(`^${MEMORY_FIELD[kind]}:\\s+(\\d+) kB$`, "m").exec(status)?.[1];
  return Number(kibibytes) * 1024;
}

/** The load average of the last minute, for the record. */
export function loadAverage(): number {
  return Number(read("/proc/loadavg").split(" ")[0] ?? 0);
}

function list(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** A process may end between listing and reading: then there is nothing to read. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
