import { appendFile } from "node:fs/promises";
import { flow, run, task } from "@weir/sdk";

const finished = task("finished", async (index: number) => index);

const last = task("last", { checkpoint: false }, async (began: bigint, file: string) => {
  if (run.attempt === 1) throw new Error("the first attempt fails here, so that there is something to restart");
  await appendFile(file, String(process.hrtime.bigint() - began));
});

/** Begins many tasks; restarted, it tells how long it took to pass over those that had finished. Nanoseconds, into `file`. */
export const restarted = flow("restarted", async ({ tasks, file }: { tasks: number; file: string }) => {
  const began = process.hrtime.bigint();
  const all = Array.from({ length: tasks }, (_, index) => finished(index));
  await last.with({ after: all })(began, file);
});
