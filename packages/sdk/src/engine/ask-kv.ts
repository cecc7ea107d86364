import type { Answers, Questions } from "@weir/protocol/ipc";
import { type KvQuestion, processKv } from "../kv/memory-kv.ts";
import type { FlowRun } from "./flow-run.ts";

const told = new WeakSet<FlowRun>();

function tellOnce(run: FlowRun): void {
  if (told.has(run)) return;
  told.add(run);
  run.log(
    "warn",
    "The key-value store of a run in memory is this process's own: what is written is gone when it ends.",
  );
}

/** Asks the key-value store on behalf of a run: the cloud's, or for a run in memory the process's own. The run does not rest meanwhile. */
export function askKv<K extends KvQuestion>(run: FlowRun, kind: K, question: Questions[K]): Promise<Answers[K]> {
  const { cloud } = run.setup;
  if (cloud !== null) return run.activity.during(cloud.ask(kind, question));
  tellOnce(run);
  return processKv.ask(kind, question);
}
