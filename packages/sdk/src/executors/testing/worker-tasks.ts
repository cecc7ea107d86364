// Tasks for the tests of worker processes.
import { appendFileSync, existsSync } from "node:fs";
import { run, task } from "../../index.ts";

export const functions = {
  /** Notes in a file that it began, and waits until another one is there. */
  hold: async (notes: string, until: string) => {
    appendFileSync(notes, "begun\n");
    run.log.info("begun in %d", process.pid);
    while (!existsSync(until)) await new Promise((resolve) => setTimeout(resolve, 5));
    appendFileSync(notes, "ended\n");
    return process.pid;
  },
  /** Takes its whole worker down. */
  poison: () => {
    run.log.info("begun in %d", process.pid);
    process.kill(process.pid, "SIGKILL");
    for (;;);
  },
  large: (bytes: number) => "x".repeat(bytes),
  chatter: (lines: number) => {
    for (let line = 0; line < lines; line += 1) run.log.info("line %d", line);
  },
};

for (const [name, fn] of Object.entries(functions)) task(name, fn as (...inputs: unknown[]) => unknown);
