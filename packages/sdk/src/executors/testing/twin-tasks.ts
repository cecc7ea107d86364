// Tasks that are found only by more than their names.
import { isMainThread } from "node:worker_threads";
import { task } from "../../index.ts";
import { makeTask } from "./task-factory.ts";

type AnyFunction = (...inputs: unknown[]) => unknown;

/** As a task of the contract's file is called. */
export const twinEcho: AnyFunction = (value) => ["twin", value];
task("echo", twinEcho);

/** Three tasks of one name, as a loop makes them. */
export const numbered: readonly AnyFunction[] = [0, 1, 2].map((index) => () => index);
for (const fn of numbered) task("numbered", fn);

/** Made by a helper of another file. */
export const made = (n: number): number => n + 1;
makeTask(made);

/** Made only when a flow runs. */
export const inside: AnyFunction = () => 1;
export async function defineInside(): Promise<void> {
  await Promise.resolve();
  task("inside", inside);
}

/** Takes all memory that it gets. */
export const greedy: AnyFunction = () => {
  const kept: unknown[] = [];
  for (;;) kept.push(Array.from({ length: 10_000 }, (_, index) => ({ index })));
};
task("greedy", greedy);

/** Whether this file is loaded by a thread. */
export const isThread = !isMainThread;
