import { availableParallelism } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { loadAverage, machineTime, type ProcessTime, readProcesses, timeBelow } from "./processes.ts";

/** What a process is to the measurement. `child` is everything that an agent started: flow processes, idle ones too, and the watchdog. */
export type Role = "harness" | "cloud" | "agent" | "child" | "postgres" | "peer";
export type Cast = Partial<Record<Exclude<Role, "harness" | "child">, readonly number[]>>;
export type CpuByRole = Readonly<Record<Role, number>>;

export interface Timing {
  readonly elapsedMs: number;
  /** CPU milliseconds spent meanwhile, by role. */
  readonly cpu: CpuByRole;
  /** Part of the machine, 0 to 1, that something else used meanwhile: other processes, kernel threads, the hypervisor. */
  readonly foreign: number;
  readonly load: number;
}

/**
 * Measures who used the processors while some work was done, and until what it set off is over: pages written back, the next warm child
 * started. So it counts for whom it belongs to, and nobody begins with the work of another.
 */
export async function timed<T>(cast: Cast, work: () => Promise<T>): Promise<{ result: T; timing: Timing }> {
  const before = reading(cast);
  const result = await work();
  const after = await settled(cast);
  const elapsedMs = after.at - before.at;
  const cpu = difference(after.cpu, before.cpu);
  const foreign = (after.machine - before.machine - total(cpu)) / (elapsedMs * availableParallelism());
  return { result, timing: { elapsedMs, cpu, foreign: Math.max(0, foreign), load: loadAverage() } };
}

const LOOK_EVERY_MS = 40;
const QUIET_LOOKS = 3;
/** Something that never rests must not hold up the measurement for ever: after three seconds it is the next one's neighbour. */
const MOST_LOOKS = 75;
/** One tick of Linux's count: a timer of an idle process may well use it. */
const QUIET_MS = 10;

/** Resolves when nothing of the cast uses the processor any more, with the last reading. */
export async function settled(cast: Cast): Promise<Reading> {
  let last = reading(cast);
  for (let quiet = 0, looks = 0; quiet < QUIET_LOOKS && looks < MOST_LOOKS; looks += 1) {
    await pause(LOOK_EVERY_MS);
    const now = reading(cast);
    quiet = total(now.cpu) - total(last.cpu) <= QUIET_MS ? quiet + 1 : 0;
    last = now;
  }
  return last;
}

interface Reading {
  readonly at: number;
  readonly machine: number;
  readonly cpu: CpuByRole;
}

function reading(cast: Cast): Reading {
  const processes = readProcesses();
  return { at: performance.now(), machine: machineTime(), cpu: cpuByRole(processes, cast) };
}

function total(cpu: CpuByRole): number {
  return Object.values(cpu).reduce((sum, ms) => sum + ms, 0);
}

/** Adds up by role. Cloud and Postgres own what they start; an agent's children are a role of their own. */
export function cpuByRole(processes: ReadonlyMap<number, ProcessTime>, cast: Cast): CpuByRole {
  const self = (pids: readonly number[] = []): number => sum(pids, (pid) => processes.get(pid)?.self ?? 0);
  const below = (pids: readonly number[] = []): number => sum(pids, (pid) => timeBelow(processes, pid));
  return {
    // Its ended children too: the bare runtimes that it starts to time them.
    harness: self([process.pid]) + (processes.get(process.pid)?.ended ?? 0),
    cloud: self(cast.cloud) + below(cast.cloud),
    agent: self(cast.agent),
    child: below(cast.agent),
    postgres: self(cast.postgres) + below(cast.postgres),
    peer: self(cast.peer) + below(cast.peer),
  };
}

function sum(pids: readonly number[], of: (pid: number) => number): number {
  return pids.reduce((total, pid) => total + of(pid), 0);
}

function difference(after: CpuByRole, before: CpuByRole): CpuByRole {
  const entries = Object.entries(after) as [Role, number][];
  return Object.fromEntries(entries.map(([role, ms]) => [role, ms - before[role]])) as Record<Role, number>;
}
