import type { Executor } from "./executor.ts";
import { JobFrame } from "./job-frame.ts";

/**
 * The default: tries run in the flow's own event loop, many at a time. Name it where the flow names another executor.
 * @example task("notify", { executor: concurrent() }, sendMail)
 */
export function concurrent(): Executor {
  return {
    kind: "concurrent",
    run: async (job) => {
      job.begun();
      return await new JobFrame(job.facts, job.signal, job).run(job.fn, job.inputs);
    },
    close: async () => undefined,
  };
}
