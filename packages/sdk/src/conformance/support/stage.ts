import type { KnownTaskRun, RunEvent, StateName, TaskEvent, TaskRunEvent } from "@weir/protocol";
import type { Store } from "@weir/results";
import type { FlowEnd } from "../../engine/flow-end.ts";
import type { FlowRun } from "../../engine/flow-run.ts";
import { flowDefinition } from "../../flow/definition.ts";
import { runFlow } from "../../flow/run-flow.ts";
import { checkEvents } from "../../testing/event-rules.ts";
import { RecordingSink } from "../../testing/recorded-run.ts";
import { knownOf, restarted, rowsAfter, type TaskRunRow } from "./cloud-view.ts";
import { FakeClock } from "./fake-clock.ts";
import { FakeCloud } from "./fake-cloud.ts";
import { place, RecordingStore } from "./recording-store.ts";

/** How an attempt came to rest when it did not end. */
export type Rest = { readonly rest: "waiting"; readonly dueInMs: number | null } | { readonly rest: "paused" };

/** A task run with what was told of it. */
export interface Told {
  readonly declared: TaskRunEvent | null;
  readonly states: readonly StateName[];
  readonly events: readonly TaskEvent[];
}

/** One attempt, as its events, its store and its cloud saw it. */
export interface Played {
  readonly end: FlowEnd | Rest;
  readonly events: readonly RunEvent[];
  /** By `task`, `task#1` for its second call, `task[0]` for a child, `task#1[0]`. */
  readonly runs: ReadonlyMap<string, Told>;
  readonly ran: readonly string[];
  readonly writes: readonly string[];
  readonly reads: readonly string[];
  readonly asked: readonly string[];
  readonly logs: readonly string[];
}

/** What an attempt is begun with. */
export interface Attempt {
  readonly parameters?: unknown;
  /** The store that the flow's storage brings. Default: the stage's; null: none, as Docker storage has it. */
  readonly store?: Store | null;
  /** Gets the run before any code of the user's runs: for orders and cancelling. */
  readonly begun?: (run: FlowRun) => void;
  /** Stops listening after so many events: whoever held the run died there. */
  readonly diesAfter?: number;
}

type Known = (known: KnownTaskRun[]) => KnownTaskRun[];

/** All that a row needs around its flow: time, cloud, store, and who was executed. One for each row; attempts follow one another. */
export class Stage {
  readonly clock = new FakeClock();
  store = new RecordingStore();
  readonly ran: string[] = [];
  cloud = new FakeCloud(this.clock.now);
  run: FlowRun | null = null;
  /** What was given to the gate's redactor. */
  secrets: readonly string[] = [];
  attempt = 0;
  rows: readonly TaskRunRow[] = [];
  #runs = 0;
  readonly #name: string;

  /** Stages of one test that share a store need names of their own: run ids are made of them. */
  constructor(name = "run") {
    this.#name = name;
  }

  /** Called by a task of the row, to say that it was executed. */
  readonly note = (name: string): void => {
    this.ran.push(name);
  };

  /** The first attempt of a new flow run; what the cloud has cached stays. */
  async play(flow: object, attempt: Attempt = {}): Promise<Played> {
    this.rows = [];
    this.attempt = 0;
    this.#runs += 1;
    return await this.#play(flow, attempt);
  }

  /** A person restarts the run. */
  async restart(flow: object, attempt: Attempt = {}, change: Known = (known) => known): Promise<Played> {
    this.rows = restarted(this.rows);
    return await this.#play(flow, attempt, change);
  }

  /** Another agent goes on where the one before died, or let go of the run. */
  async recover(flow: object, attempt: Attempt = {}, change: Known = (known) => known): Promise<Played> {
    return await this.#play(flow, attempt, change);
  }

  async #play(flow: object, options: Attempt, change: Known = (known) => known): Promise<Played> {
    const marks = this.#marks();
    const sink = new RecordingSink();
    this.secrets = sink.secrets;
    const known = change(knownOf(this.rows));
    this.attempt += 1;
    const end = await this.#execute(flow, options, sink, known);
    const events = options.diesAfter === undefined ? sink.events : sink.events.slice(0, options.diesAfter);
    checkEvents(events, known);
    this.rows = rowsAfter(events, this.rows);
    this.cloud.remember(events);
    return { end, events, ...this.#since(marks), runs: told(events, this.rows), logs: logsOf(events) };
  }

  async #execute(flow: object, options: Attempt, sink: RecordingSink, known: KnownTaskRun[]): Promise<FlowEnd | Rest> {
    const definition = flowDefinition(flow);
    if (definition === undefined) throw new Error("not a flow");
    const { parameters = {}, store = this.store, begun } = options;
    const { clock, cloud, attempt } = this;
    const setup = {
      runId: `${this.#name}-${this.#runs}`,
      attempt,
      scheduledStartTime: 1_000,
      known,
      store,
      sink,
      clock,
      cloud,
      executor: null,
      mayWait: true,
    };
    return await runFlow(definition, setup, parameters, (run) => {
      this.run = run;
      begun?.(run);
    });
  }

  #marks() {
    const { ran, store, cloud } = this;
    return { ran: ran.length, writes: store.writes.length, reads: store.reads.length, asked: cloud.asked.length };
  }

  #since(marks: { ran: number; writes: number; reads: number; asked: number }) {
    return {
      ran: this.ran.slice(marks.ran),
      writes: this.store.writes.slice(marks.writes),
      reads: this.store.reads.slice(marks.reads),
      asked: this.cloud.asked.slice(marks.asked),
    };
  }
}

function named({ task, ordinal, mapIndex }: Pick<TaskRunRow, "task" | "ordinal" | "mapIndex">): string {
  return place({ task: ordinal === 0 ? task : `${task}#${ordinal}`, mapIndex });
}

function told(events: readonly RunEvent[], rows: readonly TaskRunRow[]): Map<string, Told> {
  const runs = new Map<string, { declared: TaskRunEvent | null; states: StateName[]; events: TaskEvent[] }>();
  const names = new Map(rows.map((row) => [row.number, named(row)]));
  for (const event of events) {
    if (event.kind !== "task-run" && event.kind !== "task") continue;
    const name = names.get(event.number) ?? `${event.number}`;
    const run = runs.get(name) ?? { declared: null, states: [], events: [] };
    runs.set(name, run);
    run.states.push(event.kind === "task" ? event.state : "Pending");
    if (event.kind === "task") run.events.push(event);
    else run.declared = event;
  }
  return runs;
}

function logsOf(events: readonly RunEvent[]): string[] {
  return events.flatMap((event) => (event.kind === "log" ? [event.text] : []));
}
