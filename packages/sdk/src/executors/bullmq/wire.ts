import type { RunEvent } from "@weir/protocol";
import { jsonSerializer } from "@weir/results";
import { failureOf } from "../../failure-of.ts";
import type { JobFacts } from "../executor.ts";
import { executorFailed, type Thrown } from "../thrown.ts";
import type { TaskRef } from "./task-ref.ts";

// What travels through Redis between a flow and its workers, and under which keys.

/** Data of a job, as BullMQ keeps it. */
export interface JobData {
  /** Version of what follows. */
  readonly weir: 1;
  /** Whoever waits for it: part of the keys of replies. */
  readonly executor: string;
  /** Most bytes of an answer. */
  readonly maxBytes: number;
  /** An `Order`, serialized. */
  readonly order: string;
}

/** A try for a worker. */
export interface Order {
  readonly ref: TaskRef;
  readonly inputs: readonly unknown[];
  readonly facts: JobFacts;
}

/** What a try says while it runs. */
export type Said = { readonly event: RunEvent } | { readonly secrets: readonly string[] };

/** From a worker to whoever waits for the job. */
export type Reply = { readonly job: string } & (
  | { readonly kind: "begun" }
  | { readonly kind: "said"; readonly said: readonly Said[] }
  | { readonly kind: "returned"; readonly value: unknown }
  | { readonly kind: "threw"; readonly thrown: Thrown }
);

/** To all workers of a queue. */
export interface StopOrder {
  readonly job: string;
  readonly reason: Thrown;
}

/** Keys of one executor. The braces keep them on one node of a cluster. */
export function keysOf(queue: string, executor: string): { replies: string; wanted: string } {
  return { replies: `weir:{${queue}}:replies:${executor}`, wanted: `weir:{${queue}}:wanted:${executor}` };
}

export function stopChannel(queue: string): string {
  return `weir:{${queue}}:stop`;
}

/** Dates, bigints, maps, sets and bytes survive. @throws StoreError naming where in the value the trouble is. */
export function encode(value: unknown): string {
  const text = jsonSerializer.serialize(value);
  return typeof text === "string" ? text : Buffer.from(text).toString();
}

export function decode(text: string): unknown {
  return jsonSerializer.deserialize(Buffer.from(text));
}

/** As it will arrive. */
export const copied = (value: unknown): unknown => decode(encode(value));

/** What is wrong with a value that is to travel, or null: what cannot be written as JSON, or is too large. */
export function problemOf(value: unknown, what: string, maxBytes: number): string | null {
  try {
    const bytes = Buffer.byteLength(encode(value));
    if (bytes <= maxBytes) return null;
    return `${what} has ${bytes} bytes; the most that may travel through Redis is ${maxBytes}. Write it to storage and hand over where it lies, or raise maxBytes of bullmq().`;
  } catch (error) {
    return `${what} cannot travel through Redis: ${failureOf(error).message}`;
  }
}

/** @throws WeirError `EXECUTOR_FAILED` naming the input that cannot travel. */
export function encodeOrder(order: Order, maxBytes: number): string {
  const task = JSON.stringify(order.ref.name);
  if (problemOf(order, "", maxBytes) === null) return encode(order);
  const handed: [string, unknown][] = [
    ...order.inputs.map((input, index): [string, unknown] => [`Input ${index + 1} of the task ${task}`, input]),
    [`The value of the turn before of the task ${task}`, order.facts.loopValue],
    ["What the flow's parameters hold", order.facts.parameters],
    [`What the task ${task} is handed`, order],
  ];
  const problems = handed.map(([what, value]) => problemOf(value, what, maxBytes));
  throw executorFailed(problems.find((problem) => problem !== null) ?? "");
}
