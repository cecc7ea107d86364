import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Contender, Contest } from "../contest.ts";

const MEASURE = fileURLToPath(new URL("measure.ts", import.meta.url));

/** A new process each time: one that has run before has warm code and memory that is not its own. */
function inProcess(what: string, count: number): Contender {
  return {
    units: Math.max(1, count),
    measure: async () => {
      const { stdout } = await promisify(execFile)(process.execPath, [MEASURE, what, String(count)]);
      return [Number(stdout)];
    },
  };
}

/** What the engine adds to the call of a function, without cloud, journal and store. */
export const engineOverhead: Contest = {
  id: "engine-overhead",
  unit: "µs",
  lines: [
    {
      what: "a task's own overhead, in memory, one after the other",
      ours: "task",
      peer: "await f()",
      limit: "await f()",
      statistic: "p50",
      goal: { atMost: 20 },
    },
  ],
  open: async (_stage, scale) => ({
    task: inProcess("task-us", Math.ceil(50_000 * scale)),
    "await f()": inProcess("plain-us", Math.ceil(50_000 * scale)),
  }),
};

/** A cold process that maps once: what a user waits for. */
export const engineMap: Contest = {
  id: "engine-map",
  unit: "ms",
  lines: [
    {
      what: "map of 10,000 children, in memory",
      ours: "10,000 children",
      peer: "Promise.all of 10,000",
      limit: "Promise.all of 10,000",
      statistic: "p50",
      goal: { atMost: 1_000 },
    },
    {
      what: "map of 100,000 children, in memory",
      ours: "100,000 children",
      peer: "Promise.all of 100,000",
      limit: "Promise.all of 100,000",
      statistic: "p50",
      goal: { atMost: 60_000 },
    },
  ],
  open: async () => ({
    "10,000 children": inProcess("map-ms", 10_000),
    "Promise.all of 10,000": inProcess("plain-map-ms", 10_000),
    "100,000 children": inProcess("map-ms", 100_000),
    "Promise.all of 100,000": inProcess("plain-map-ms", 100_000),
  }),
};

/** Highest resident memory of the whole process. */
export const engineMemory: Contest = {
  id: "engine-memory",
  unit: "MiB",
  lines: [
    {
      what: "map of 10,000 children, peak memory of the process",
      ours: "10,000 children",
      peer: "the SDK loaded",
      limit: "the SDK loaded",
      statistic: "p50",
      goal: { atMost: 200 },
    },
  ],
  open: async () => ({
    "10,000 children": inProcess("map-mib", 10_000),
    "the SDK loaded": inProcess("import-mib", 0),
  }),
};
