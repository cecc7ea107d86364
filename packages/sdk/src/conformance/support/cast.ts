import { run, skip, task } from "../../index.ts";
import type { Stage } from "./stage.ts";

/** Tasks that many rows take: each notes its execution under its name. */
export function cast({ note }: Stage) {
  return {
    one: task("one", () => {
      note("one");
      return { n: 1 };
    }),
    two: task("two", async () => {
      note("two");
      return { n: 2 };
    }),
    pass: task("pass", (...inputs: unknown[]) => {
      note("pass");
      return inputs;
    }),
    broken: task("broken", (): { n: number } => {
      note("broken");
      throw new Error("broken");
    }),
    skipped: task("skipped", (): { n: number } => {
      note("skipped");
      throw skip("nothing to do");
    }),
    /** Fails in the first attempt, and takes whatever is handed to it. */
    fragile: task("fragile", (...inputs: unknown[]) => {
      note("fragile");
      if (run.attempt === 1) throw new Error("fragile");
      return inputs;
    }),
  };
}
