/** Where tries of tasks run: in this event loop, in threads, or on many machines. */
export type { RedisAddress } from "./bullmq/address.ts";
export { bullmq, type BullmqOptions } from "./bullmq/bullmq.ts";
export { concurrent } from "./concurrent.ts";
export type { Executor, JobFacts, TaskJob } from "./executor.ts";
export { threads, type ThreadsOptions } from "./threads/threads.ts";
