import { expect, test } from "vitest";
import { flow } from "../flow/flow.ts";
import { flowDefinition } from "../flow/definition.ts";
import { runFlow } from "../flow/run-flow.ts";
import { pause } from "../signals.ts";
import { task } from "../task/task.ts";
import { RecordingSink } from "../testing/recorded-run.ts";
import { type FlowRun, realClock } from "./flow-run.ts";

test("an approval that is told again does not answer what the task asks next: the run rests, and waits for a person again", async () => {
  let asked = 0;
  const careful = task("careful", () => {
    asked += 1;
    throw pause(`question ${asked}`);
  });
  const sink = new RecordingSink();
  const approves: FlowRun[] = [];
  const emit = sink.emit.bind(sink);
  // As the cloud does: every time that it hears of a wait, it tells the one approval that it has.
  sink.emit = (event) => {
    emit(event);
    if (event.kind !== "task" || event.state !== "Paused" || asked > 3) return;
    for (const run of approves) queueMicrotask(() => run.order({ kind: "approve", numbers: [1] }));
  };
  const definition = flowDefinition(flow("f", async () => await careful()));
  if (definition === undefined) throw new Error("not a flow");
  const setup = { runId: "r", attempt: 1, scheduledStartTime: 0, known: [], store: null, sink, clock: realClock };
  const end = await runFlow(definition, { ...setup, mayWait: true }, {}, (run) => approves.push(run));
  expect(end).toEqual({ rest: "paused" });
  expect(asked).toBe(2);
});
