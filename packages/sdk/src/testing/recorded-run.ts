import type { KnownTaskRun, RunEvent, StateName, TaskEvent, TaskRunEvent } from "@weir/protocol";
import type { Store, Where, Written } from "@weir/results";
import { memoryStore } from "@weir/results";
import type { Cloud } from "../engine/cloud.ts";
import { type Clock, type FlowRun, realClock } from "../engine/flow-run.ts";
import type { FlowEnd } from "../engine/flow-end.ts";
import type { Sink } from "../engine/sink.ts";
import { flowDefinition } from "../flow/definition.ts";
import { runFlow } from "../flow/run-flow.ts";
import { checkEvents } from "./event-rules.ts";

/** A sink that keeps every event, and can be told that nobody takes them. */
export class RecordingSink implements Sink {
  readonly events: RunEvent[] = [];
  readonly secrets: string[] = [];
  open = true;
  #waiting: (() => void)[] = [];

  emit(event: RunEvent): void {
    this.events.push(event);
  }

  redact(values: readonly string[]): void {
    this.secrets.push(...values);
  }

  tighten(): void {}

  onOpen(callback: () => void): void {
    this.#waiting.push(callback);
  }

  go(): void {
    this.open = true;
    for (const callback of this.#waiting.splice(0)) callback();
  }
}

/** What a run is recorded with; all of it has a default. */
export interface RecordOptions {
  readonly parameters?: unknown;
  readonly attempt?: number;
  readonly known?: readonly KnownTaskRun[];
  readonly store?: Store | null;
  readonly clock?: Clock;
  readonly sink?: RecordingSink;
  readonly begun?: (run: FlowRun) => void;
  readonly cloud?: Cloud;
}

/** A task run, folded from its events. */
export interface FoldedRun {
  readonly declared: TaskRunEvent;
  readonly states: StateName[];
  readonly events: TaskEvent[];
}

/** A run and all that it emitted; the rules of states were checked. */
export interface Recorded {
  readonly end: FlowEnd;
  readonly events: readonly RunEvent[];
  readonly sink: RecordingSink;
  /** Task runs by number. */
  readonly runs: ReadonlyMap<number, FoldedRun>;
  /** States of the task run, or child, of that name and order. */
  readonly states: (task: string, ordinal?: number, mapIndex?: number) => StateName[];
  readonly find: (task: string, ordinal?: number, mapIndex?: number) => FoldedRun | undefined;
}

function fold(events: readonly RunEvent[]): Map<number, FoldedRun> {
  const runs = new Map<number, FoldedRun>();
  for (const event of events) {
    if (event.kind === "task-run") runs.set(event.number, { declared: event, states: ["Pending"], events: [] });
    if (event.kind !== "task") continue;
    const run = runs.get(event.number);
    run?.states.push(event.state);
    run?.events.push(event);
  }
  return runs;
}

/** Runs a flow with a sink that keeps all, and checks every event against the state machine. */
export async function record(flow: object, options: RecordOptions = {}): Promise<Recorded> {
  const definition = flowDefinition(flow);
  if (definition === undefined) throw new Error("not a flow");
  const { parameters = {}, attempt = 1, known = [], store = null, begun } = options;
  const { sink = new RecordingSink(), clock = { ...realClock, random: () => 0.5 } } = options;
  const { cloud = null } = options;
  const setup = { runId: "run-1", attempt, scheduledStartTime: 1_000, known, store, sink, clock, cloud };
  const end = await runFlow(definition, setup, parameters, begun);
  const last = checkEvents(sink.events, known);
  if ("rest" in end) throw new Error(`The run rests: ${end.rest}.`);
  if (last !== end.state) throw new Error(`The events end ${last}, the run ${end.state}.`);
  const runs = fold(sink.events);
  const find = (task: string, ordinal = 0, mapIndex?: number) =>
    [...runs.values()].find(
      ({ declared }) => declared.task === task && declared.ordinal === ordinal && declared.mapIndex === mapIndex,
    );
  return { end, events: sink.events, sink, runs, find, states: (...place) => find(...place)?.states ?? [] };
}

/** What the cloud would tell of these runs at the next claim. */
export function knownAfter(recorded: Recorded, before: readonly KnownTaskRun[] = []): KnownTaskRun[] {
  const known = new Map(before.map((run) => [run.number, run]));
  for (const [number, { declared, states, events }] of recorded.runs) {
    const { task, ordinal, key, mapIndex, parent } = declared;
    const state = states.at(-1) ?? "Pending";
    const { tryNumber = 0 } = events.findLast((event) => event.tryNumber !== undefined) ?? {};
    const last = events.at(-1);
    const { location } = events.findLast((event) => event.location !== undefined) ?? {};
    const later = recorded.events.findLast((event) => event.kind === "result" && event.number === number);
    const place = later?.kind === "result" ? later.location : location;
    const { loopCount } = events.findLast((event) => event.loopCount !== undefined) ?? {};
    known.set(number, {
      number,
      task,
      ordinal,
      state,
      tryNumber,
      ...(key === undefined ? {} : { key }),
      ...(mapIndex === undefined ? {} : { mapIndex }),
      ...(parent === undefined ? {} : { parent }),
      ...(last?.startTime === undefined ? {} : { startTime: last.startTime }),
      ...(place === undefined ? {} : { location: place }),
      ...(loopCount === undefined ? {} : { loopCount }),
      ...(last?.mapCount === undefined ? {} : { mapCount: last.mapCount }),
    });
  }
  return [...known.values()];
}

/** A store that remembers what was written and read. */
export class RecordingStore implements Store {
  readonly kind = "memory";
  readonly writes: Where[] = [];
  readonly reads: string[] = [];
  readonly #inner = memoryStore();

  write(value: unknown, where: Where): Promise<Written> {
    this.writes.push(where);
    return this.#inner.write(value, where);
  }

  read(location: string): Promise<unknown> {
    this.reads.push(location);
    return this.#inner.read(location);
  }

  exists(location: string): Promise<boolean> {
    return this.#inner.exists(location);
  }
}
