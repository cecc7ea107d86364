/** Where tries of tasks run: in this event loop, in threads, or on many machines. */
export { concurrent } from "./concurrent.ts";
export type { Executor, JobFacts, TaskJob } from "./executor.ts";
export { threads, type ThreadsOptions } from "./threads/threads.ts";
