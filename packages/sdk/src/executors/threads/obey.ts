import type { MessagePort } from "node:worker_threads";
import { failureOf } from "../../failure-of.ts";
import { JobFrame } from "../job-frame.ts";
import { collectedPlaces } from "../task-registry.ts";
import { executorFailed, thrownData, thrownOf } from "../thrown.ts";
import { loadedTask, loadTasks } from "./loading.ts";
import type { FromThread, Look, LookOrder, ThreadOrder, ToThread, TryOrder } from "./messages.ts";
import { ThreadKv } from "./thread-kv.ts";

function send(port: MessagePort, message: FromThread): void {
  port.postMessage(message);
}

/** What the executor says to a try: that it is to stop, and what it asked for. */
function listenTo(port: MessagePort): { signal: AbortSignal; kv: ThreadKv } {
  const controller = new AbortController();
  const kv = new ThreadKv(port);
  port.on("message", (message: ToThread) => {
    if (message.kind === "stop") controller.abort(thrownOf(message.reason));
    else kv.answered(message);
  });
  return { signal: controller.signal, kv };
}

function tellReturned(port: MessagePort, { place }: TryOrder, value: unknown): void {
  try {
    send(port, { kind: "returned", value });
  } catch (error) {
    const why = failureOf(error).message;
    const message = `The value of the task ${JSON.stringify(place.name)} cannot leave its thread: ${why} Return plain data instead.`;
    tellThrew(port, executorFailed(message));
  }
}

function tellThrew(port: MessagePort, thrown: unknown): void {
  send(port, { kind: "threw", thrown: thrownData(thrown, structuredClone) });
}

async function runTry(order: TryOrder): Promise<void> {
  const { port, place, inputs, facts, asksKv } = order;
  const { signal, kv } = listenTo(port);
  try {
    const fn = await loadedTask(place);
    send(port, { kind: "begun" });
    const emit = new JobFrame(facts, signal, {
      emit: (event) => send(port, { kind: "event", event }),
      redact: (values) => send(port, { kind: "secrets", values }),
      ...(asksKv && { askKv: (kind, question) => kv.ask(kind, question) }),
    });
    tellReturned(port, order, await emit.run(fn, inputs));
  } catch (thrown) {
    tellThrew(port, thrown);
  } finally {
    port.close();
  }
}

async function look({ files }: LookOrder): Promise<Look> {
  try {
    for (const file of files) await loadTasks(file);
    return { ok: true, tasks: collectedPlaces() };
  } catch (error) {
    return { ok: false, problem: failureOf(error).message };
  }
}

/** What a thread does for each order. */
export async function obey(order: ThreadOrder): Promise<Look | void> {
  return await (order.kind === "look" ? look(order) : runTry(order));
}
