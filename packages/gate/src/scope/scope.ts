import {
  type BoundaryRequest,
  type CachedReply,
  canonicalJson,
  type ClaimedRun,
  type KvGetReply,
  type LogEvent,
  type OutcomeReply,
  type RunEvent,
} from "@weir/protocol";
import { admitted, isBelow } from "../logs/admission.ts";
import type { LogFilter } from "../logs/log-filter.ts";
import type { Policy } from "../policy/policy.ts";
import type { OpenedRun, RunFacts, RunScope } from "../run-scope.ts";
import type { ContentKey } from "../sealing/content-key.ts";
import type { InsideKey } from "../sealing/recipients.ts";
import type { Subject } from "../treatment/means.ts";
import { type Actions, Decisions, strictestOf } from "./decisions.ts";
import type { Opener } from "./opener.ts";
import { RunKey } from "./run-key.ts";

/** What the gate lends each of its runs. */
export interface ScopeDeps {
  readonly policy: Policy;
  readonly insideKeys: readonly InsideKey[];
  readonly logFilter: LogFilter | null;
  readonly opener: Opener;
}

/** One run in hand. */
export class Scope implements RunScope, Subject {
  facts: RunFacts;
  readonly #o: ScopeDeps;
  readonly #key: RunKey;
  /** Names of task runs by number; null where the policy says the same of all. */
  readonly #tasks: Map<number, string> | null;
  #decisions: Decisions;
  #watches: boolean;

  constructor(facts: RunFacts, o: ScopeDeps) {
    this.facts = facts;
    this.#o = o;
    this.#key = new RunKey(o.policy, o.insideKeys);
    const tasks = Object.entries(facts.tasks ?? {}).map(([number, task]) => [Number(number), task] as const);
    this.#tasks = o.policy.knowsTasks || o.logFilter !== null ? new Map(tasks) : null;
    this.#decisions = this.#decided();
    this.#watches = this.#hasToWatch();
  }

  #decided(): Decisions {
    const { project, flow, requests } = this.facts;
    return new Decisions(this.#o.policy, { project, flow }, requests);
  }

  /** Whether events have to be looked at before they are recorded: 50,000 lines of a run under the default policy need not be. */
  #hasToWatch(): boolean {
    const { log, artifact } = this.actions;
    return this.#tasks !== null || log === "drop" || artifact === "drop" || this.#o.policy.logs.level !== null;
  }

  get runId(): string {
    return this.facts.runId;
  }

  /** What holds for the flow itself and for tasks that are not known. */
  get actions(): Actions {
    return this.#decisions.of();
  }

  get key(): ContentKey | null | undefined {
    return this.#key.key;
  }

  makeKey(): Promise<void> {
    return this.#key.make();
  }

  /** What holds for the task that an event is of. The event that declares a task run says which task that is. */
  actionsFor(event: unknown): Actions {
    const { kind, number, task } = Object(event) as Partial<Record<"kind" | "number" | "task", unknown>>;
    if (this.#tasks !== null && kind === "task-run") this.#tasks.set(Number(number), String(task));
    const { level } = this.#o.policy.logs;
    const actions = this.#tasks === null ? this.actions : this.#decisions.of(this.#tasks.get(Number(number)));
    return kind === "log" && isBelow(level, event as LogEvent) ? { ...actions, log: "drop" } : actions;
  }

  admit(events: readonly RunEvent[]): readonly RunEvent[] {
    if (!this.#watches) return events;
    const { logFilter, policy } = this.#o;
    const rules = {
      level: policy.logs.level,
      logFilter,
      actionsFor: (event: RunEvent) => this.actionsFor(event),
      taskOf: ({ number }: LogEvent) => (number === undefined ? null : (this.#tasks?.get(number) ?? null)),
      origin: { project: this.facts.project, flow: this.facts.flow },
    };
    return events.flatMap((event) => admitted(event, rules) ?? []);
  }

  tighten(request: BoundaryRequest): void {
    // Folded into one: a flow may ask as often as it calls another one.
    const [before, after] = [strictestOf(this.facts.requests), strictestOf([...this.facts.requests, request])];
    if (canonicalJson(before) === canonicalJson(after)) return;
    this.facts = { ...this.facts, requests: [after] };
    this.#decisions = this.#decided();
    this.#watches = this.#hasToWatch();
  }

  open(claimed: ClaimedRun): Promise<OpenedRun> {
    return this.#o.opener.claimed(claimed);
  }

  openCached(reply: CachedReply): Promise<CachedReply> {
    return this.#o.opener.cached(reply);
  }

  openOutcome(reply: OutcomeReply): Promise<OutcomeReply> {
    return this.#o.opener.outcome(reply);
  }

  openKv(key: string, reply: KvGetReply): Promise<KvGetReply> {
    return this.#o.opener.kv(key, reply);
  }
}
