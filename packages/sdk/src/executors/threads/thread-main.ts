// Where a thread begins. Loaded by piscina, which finds the default export by `require`: no await at the top level.
import { enableCompileCache } from "node:module";
import { workerData } from "node:worker_threads";
import type { Look, ThreadOrder, ThreadStart } from "./messages.ts";

// Threads do not share the cache of their process by themselves. It saves a third of the time until the first try.
const { compileCache } = workerData as ThreadStart;
if (compileCache !== null) enableCompileCache(compileCache);

export default async function main(order: ThreadOrder): Promise<Look | void> {
  const { obey } = await import("./obey.ts");
  return await obey(order);
}
