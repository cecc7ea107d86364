import { expect, test } from "vitest";
import { eventually } from "./testing/eventually.ts";
import { refusal } from "./testing/fake-cloud.ts";
import { setStage } from "./testing/stage.ts";

// Reports of five events each, from a flow that makes them faster than they are answered: a next one always waits.

const TASKS = 150;
const SMALL = { reportEvents: 5, batchEvents: 5 };

test("while a report is on its way, the next passes the gate", async () => {
  const { gate, client, begin } = await setStage(SMALL);
  const [pass, send] = [gate.pass.bind(gate), client.send.bind(client)];
  const passed: number[] = [];
  const early: number[] = [];
  let answered = 0;
  gate.pass = async (message, body, context) => {
    if (message === "report" && "first" in body && body.events.length > 0) {
      passed.push(body.first);
      if (body.first > answered + 1) early.push(body.first);
    }
    return await pass(message, body, context);
  };
  client.send = async (message, options) => {
    const reply = await send(message, options);
    if ("accepted" in reply && typeof reply.accepted === "number") answered = reply.accepted;
    return reply;
  };
  const { handle, run } = begin({ behave: "succeed", tasks: TASKS, everyMs: 0 });
  expect(await handle.done).toEqual({ kind: "finished", state: "Success" });
  expect(run.events).toHaveLength(2 + TASKS * 3);
  expect(early.length).toBeGreaterThan(0);
  // Each passed once: what was prepared is what was sent.
  expect(passed).toEqual([...new Set(passed)]);
});

test("what was prepared is thrown away when the cloud did not take what came before; each event arrives once, in order", async () => {
  const stage = await setStage(SMALL);
  const { handle, run } = stage.begin({ behave: "succeed", tasks: TASKS, everyMs: 0 });
  await eventually("the first events came", () => run.events.length > 0);
  stage.cloud.mishaps.push(
    "lose the reply",
    "lose the request",
    refusal("DATABASE_UNAVAILABLE", "Away."),
    "lose the reply",
  );
  expect(await handle.done).toEqual({ kind: "finished", state: "Success" });
  const numbers = run.events.flatMap((event) => (event.kind === "task" ? [event.number] : []));
  expect(numbers).toEqual(Array.from({ length: TASKS * 2 }, (_, i) => Math.floor(i / 2) + 1));
  expect(stage.cloud.mishaps).toEqual([]);
});
