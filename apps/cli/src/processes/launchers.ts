import { readFileSync } from "node:fs";

/** A process, as /proc tells of it. */
export interface ProcessFacts {
  readonly parent: number;
  readonly commandLine: string;
}

/** Programs that only start another one, and the shells that they put between. */
const LAUNCHER = /^(\S*\/)?(npm|npx|pnpm|yarn|corepack|(ba|da)?sh -c|node \S*\/(npm|npx|pnpm|yarn|corepack)\S*)(\s|$)/;

/** Reads a process; null when it has ended, or where there is no /proc. */
export function readProcess(pid: number): ProcessFacts | null {
  try {
    // The command's name stands in parentheses and may hold anything: what follows the last one is counted.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    const commandLine = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
    return { parent: Number(fields[1]), commandLine };
  } catch {
    return null;
  }
}

/** The launchers above a process, nearest first: `npx pnpm demo` is npm, a shell, pnpm, a shell, and then us. */
export function launchersAbove(parent: number, read: (pid: number) => ProcessFacts | null): number[] {
  const chain: number[] = [];
  for (let pid = parent; pid > 1;) {
    const facts = read(pid);
    if (facts === null || !LAUNCHER.test(facts.commandLine)) break;
    chain.push(pid);
    pid = facts.parent;
  }
  return chain;
}

/** Whether each of the launchers still is the parent of the one below it. */
export function standsStill(
  chain: readonly number[],
  parentOf: (pid: number) => number | undefined,
  own: number,
): boolean {
  return chain.every((pid, index) => parentOf(chain[index - 1] ?? own) === pid);
}

const LOOK_MS = 500;

/**
 * Calls `stop` when a launcher that started this process is gone. A killed `npx` tells its children nothing, and what runs below it
 * would stay for ever. Nothing happens where this process was not started by one.
 */
export function endWithLaunchers(stop: () => void): void {
  const chain = launchersAbove(process.ppid, readProcess);
  if (chain.length === 0) return;
  const parentOf = (pid: number): number | undefined => (pid === process.pid ? process.ppid : readProcess(pid)?.parent);
  const timer = setInterval(() => {
    if (standsStill(chain, parentOf, process.pid)) return;
    clearInterval(timer);
    stop();
  }, LOOK_MS);
  timer.unref();
}
