import { makeId } from "@weir/protocol/ids";
import type { FlowRest } from "../engine/activity.ts";
import type { FlowEnd } from "../engine/flow-end.ts";
import { realClock } from "../engine/flow-run.ts";
import type { FlowDefinition } from "./definition.ts";
import type { TaskRunRecord } from "./flow-types.ts";
import { MemorySink } from "./memory-sink.ts";
import { runFlow, type RunSetup } from "./run-flow.ts";

/** Runs a flow without a cloud: same engine, same rules, events kept in memory. A store is used only where flow or task names one. */
export async function runInMemory(
  definition: FlowDefinition,
  parameters: unknown,
): Promise<{ end: FlowEnd | FlowRest; taskRuns: TaskRunRecord[] }> {
  const sink = new MemorySink();
  const setup: RunSetup = {
    runId: makeId(),
    attempt: 1,
    scheduledStartTime: Date.now(),
    known: [],
    store: null,
    sink,
    clock: realClock,
  };
  const end = await runFlow(definition, setup, parameters);
  return { end, taskRuns: sink.taskRuns() };
}
