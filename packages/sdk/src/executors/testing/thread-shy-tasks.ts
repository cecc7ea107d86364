// A file that does not load in a thread.
import { isMainThread } from "node:worker_threads";
import { task } from "../../index.ts";

if (!isMainThread) throw new RangeError("only in the main thread");

export const shy = (): number => 1;
task("shy", shy);
