// The flows that `weir prove` runs: they have something to hide on every way on which a value could leave.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { flow, run, secret, settle, task } from "@weir/sdk";
import { every } from "@weir/sdk/schedules";
import { encodings, planted } from "./planted.ts";
import * as part from "./work.ts";

export { child } from "./work.ts";

/** A schema without a library: parameters with a default, any of which may be missing. */
const parameters = {
  "~standard": {
    version: 1,
    vendor: "weir-proof",
    validate: (value: unknown) => ({ value: value as { readonly given?: string; readonly other?: string } }),
    jsonSchema: { input: () => schema(), output: () => schema() },
  },
} as const;

function schema(): Record<string, unknown> {
  const properties = { given: { type: "string" }, other: { type: "string", default: planted("parameterDefault") } };
  return { type: "object", properties };
}

const FAR_AWAY = "2199-01-01T00:00:00Z";

/** A policy that drops parameters lets no schedule have any: the flow would not be registered. */
function schedule() {
  const given = planted("scheduleParameter");
  return every("1d", { start: FAR_AWAY, ...(given === "" ? {} : { parameters: { given } }) });
}

export const work = flow("work", { parameters, schedules: [schedule()] }, async () => {
  await part.hiding();
  await part.logging();
  await part.showing();
  await part.consume(planted("input"), part.produce());
  await part.each.map([0, 1].map((index) => `${planted("mappedInput")} ${index}`));
  await part.cached(planted("cachedInput"));
  await part.cached(planted("cachedInput"));
  await part.unsteady(planted("retriedInput"));
  await part.queued.map([0, 1, 2].map((index) => `${planted("queuedInput")} ${index}`));
  await part.turning();
  await part.named(planted("runName"), planted("secretRunName"));
  await part.reading();
  await part.inner({ value: planted("subflowParameter") });
  await part.startChild();
  await part.keeping();
  await part.skipped().catch(() => {});
});

const kept = task("kept", () => ({ value: planted("output") }));

const failing = task("failing", async (input: { readonly value: string }) => {
  for (const name of ["MESSAGE", "CAUSE", "AGGREGATE"]) await secret(`HIDDEN_${name}`);
  const here = { input, plan: planted("local") };
  if (run.attempt === 1 && here.plan !== "") throwsAll();
  // What the first attempt wrote is there again, although the cloud never had it.
  if (input.value !== planted("output")) throw new Error("the restart read something else than was written");
});

function throwsAll(): never {
  const errors = [new Error(planted("errorAggregate")), new TypeError(planted("secretAggregate"))];
  const aggregate = new AggregateError(errors, "several went wrong");
  const deeper = new Error(`${planted("errorCause")} ${planted("secretCause")}`, { cause: aggregate });
  const hidden = encodings(planted("secretMessage")).join("\n");
  const thrown = {
    [planted("errorStack").replaceAll("-", "_")]: (): never => {
      const error = new Error(`${planted("errorMessage")}\n${hidden}`, { cause: deeper });
      throw Object.assign(error, { name: planted("errorName"), detail: planted("errorProperty") });
    },
  };
  for (const throwing of Object.values(thrown)) throwing();
  throw new Error("nothing was thrown");
}

export const fails = flow("fails", async () => {
  await failing(await kept());
});

const waiting = task("waiting", async () => {
  await new Promise(() => setInterval(() => {}, 1_000));
});

export const throws = flow("throws", async () => {
  setTimeout(() => {
    if ("THE_SOURCE".length > 0) throw new Error(planted("uncaught"));
  }, 20);
  await waiting();
});

export const exits = flow("exits", async () => {
  process.stderr.write(`TypeError: ${planted("lastLine")}\n`);
  process.exit(7);
});

export const killed = flow("killed", async () => {
  process.kill(process.pid, "SIGKILL");
  await waiting();
});

/** Ends as V8 ends a process whose heap is full, without filling the machine's memory first. */
export const memory = flow("memory", async () => {
  process.stderr.write("FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n");
  process.kill(process.pid, "SIGABRT");
  await waiting();
});

const interrupted = task("interrupted", async (_input: string) => {
  run.log.info(planted("cancelledLine"));
  await new Promise(() => setInterval(() => {}, 1_000));
});

/** A person cancels it as soon as its task runs. */
export const cancelled = flow("cancelled", async () => {
  await interrupted(planted("cancelledInput"));
});

export const hushed = flow("hushed", async () => {
  run.log.info(planted("hushedLine"));
});

export const asked = flow("asked", { boundary: { log: "drop", exception: "drop" } }, async () => {
  run.log.info(planted("askedLine"));
  throw new Error(planted("askedMessage"));
});

const patient = task("patient", async () => {
  run.log.info(planted("leftLine"));
  const sign = join(import.meta.dirname, "..", "go-on");
  while (!existsSync(sign)) await new Promise((done) => setTimeout(done, 50));
});

const failsQuietly = task("fails-quietly", () => {
  throw new Error(planted("leftMessage"));
});

/** Its agent is killed: what the flow asked must hold for what is found of it, too. */
export const left = flow("left", { boundary: { exception: "drop" } }, async () => {
  await settle(failsQuietly());
  await patient();
});
