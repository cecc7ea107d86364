import { flow, task } from "@weir/sdk";

/** How many tasks a run starts. */
interface Amount {
  readonly tasks: number;
}

// What a task is by default: its result is checkpointed to the local store.
const checkpointed = task("checkpointed", async (index: number) => index);
// The same without a checkpoint: nothing but its history is kept.
const unkept = task("unkept", { checkpoint: false }, async (index: number) => index);

async function fanOut(one: (index: number) => PromiseLike<number>, count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, index) => one(index)));
}

async function oneByOne(one: (index: number) => PromiseLike<number>, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await one(index);
}

export const fanOutKept = flow("fan-out", async ({ tasks }: Amount) => await fanOut(checkpointed, tasks));
export const fanOutUnkept = flow("fan-out-unkept", async ({ tasks }: Amount) => await fanOut(unkept, tasks));
export const sequentialKept = flow("sequential", async ({ tasks }: Amount) => await oneByOne(checkpointed, tasks));
export const sequentialUnkept = flow("sequential-unkept", async ({ tasks }: Amount) => await oneByOne(unkept, tasks));
