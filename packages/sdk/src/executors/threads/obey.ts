import type { MessagePort } from "node:worker_threads";
import { failureOf } from "../../failure-of.ts";
import { JobFrame } from "../job-frame.ts";
import { collectedPlaces } from "../task-registry.ts";
import { executorFailed, thrownData, thrownOf } from "../thrown.ts";
import { loadedTask, loadTasks } from "./loading.ts";
import type { FromThread, Look, LookOrder, StopMessage, ThreadOrder, TryOrder } from "./messages.ts";

function send(port: MessagePort, message: FromThread): void {
  port.postMessage(message);
}

function stopSignal(port: MessagePort): AbortSignal {
  const controller = new AbortController();
  port.on("message", (message: StopMessage) => controller.abort(thrownOf(message.reason)));
  return controller.signal;
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
  const { port, place, inputs, facts } = order;
  const signal = stopSignal(port);
  try {
    const fn = await loadedTask(place);
    send(port, { kind: "begun" });
    const emit = new JobFrame(facts, signal, {
      emit: (event) => send(port, { kind: "event", event }),
      redact: (values) => send(port, { kind: "secrets", values }),
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
