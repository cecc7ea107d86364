import type { MessagePort } from "node:worker_threads";
import type { Answers, Questions } from "@weir/protocol/ipc";
import type { KvQuestion } from "../../kv/memory-kv.ts";
import { thrownOf } from "../thrown.ts";
import type { FromThread, KvAnswer, KvAsk } from "./messages.ts";

/** The key-value store as a try in a thread asks it: by way of whoever ordered the try. */
export class ThreadKv {
  readonly #port: MessagePort;
  readonly #open = new Map<number, PromiseWithResolvers<Answers[KvQuestion]>>();
  #lastId = 0;

  constructor(port: MessagePort) {
    this.#port = port;
  }

  async ask<K extends KvQuestion>(kind: K, question: Questions[K]): Promise<Answers[K]> {
    this.#lastId += 1;
    const id = this.#lastId;
    const asked = Promise.withResolvers<Answers[KvQuestion]>();
    this.#open.set(id, asked);
    const message: FromThread = { kind: "kv", id, ask: kind, question } as KvAsk;
    this.#port.postMessage(message);
    return (await asked.promise) as Answers[K];
  }

  answered(message: KvAnswer): void {
    const asked = this.#open.get(message.id);
    this.#open.delete(message.id);
    if ("answer" in message) asked?.resolve(message.answer);
    else asked?.reject(thrownOf(message.thrown));
  }
}
