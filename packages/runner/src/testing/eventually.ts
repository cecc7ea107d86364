import { readFileSync } from "node:fs";

/** Waits until something holds, looking again and again; no test sleeps and hopes. @throws after 20 s, saying what did not come */
export async function eventually(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const until = performance.now() + 20_000;
  while (!(await holds())) {
    if (performance.now() > until) throw new Error(`It did not come to pass within 20 s: ${what}.`);
    await new Promise((again) => setTimeout(again, 5));
  }
}

/** Whether a process is alive. One that has ended and was not reaped yet by whoever inherited it is not. */
export function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return !stat.slice(stat.lastIndexOf(")") + 2).startsWith("Z");
  } catch {
    return false;
  }
}
