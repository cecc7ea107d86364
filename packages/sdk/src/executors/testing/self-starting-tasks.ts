// A file that begins its work while it is loaded: a thread that loads it would begin it again, and so on without end.
import { isMainThread } from "node:worker_threads";
import { task } from "../../index.ts";
import { threads } from "../threads/threads.ts";
import { jobFor } from "./job.ts";

const started: (...inputs: unknown[]) => unknown = () => 1;
task("started", started);

const executor = threads({ size: 1 });
const outcome = executor.run(jobFor("started", started, [])).finally(async () => await executor.close());
export const problem: unknown = isMainThread ? await outcome.catch((error: unknown) => error) : await outcome;
