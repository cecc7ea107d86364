import type { RunEvent, StateName } from "@weir/protocol";
import type { Answers, QuestionKind, Questions } from "@weir/protocol/ipc";
import type { Failure } from "@weir/protocol/failure";
import type { Cloud } from "../engine/cloud.ts";
import { WeirError } from "../errors.ts";
import { MemoryKv } from "../kv/memory-kv.ts";
import type { TestClock } from "./test-clock.ts";

type CachedState = Answers["cached"]["states"][number] & { readonly cacheKey: string };

/** A flow run that the tested one started through the cloud, by `startFlowRun`. */
export interface StartedRun {
  readonly runId: string;
  readonly flow: string;
  readonly project?: string;
  readonly parameters?: unknown;
  readonly name?: string;
  readonly labels?: readonly string[];
  readonly idempotencyKey: string;
}

/** How a flow run that the tested one waits for ends. */
export interface ChildOutcome {
  readonly state: StateName;
  readonly failure?: Failure;
}

/** Says how flow runs end that the tested flow starts or waits for. */
export type Outcomes = (run: StartedRun) => ChildOutcome;

/** The cloud's answers in a test: cached results of earlier runs, slots, and flow runs elsewhere. */
export class TestCloud implements Cloud {
  readonly started: StartedRun[] = [];
  readonly kv = new MemoryKv();
  outcomes: Outcomes = () => ({ state: "Success" });
  readonly #cached: CachedState[] = [];
  readonly #clock: TestClock;

  readonly #answers: { readonly [K in QuestionKind]: (question: Questions[K]) => Answers[K] } = {
    slots: () => ({ granted: true, waitSeconds: 1 }),
    cached: ({ cacheKey, digests }) => ({ states: this.#statesOf(cacheKey), digests: [...digests] }),
    start: (question) => this.#start(question),
    outcome: ({ runId }) => this.#outcome(runId),
    kvGet: (question) => this.kv.answer("kvGet", question),
    kvSet: (question) => this.kv.answer("kvSet", question),
    kvDelete: (question) => this.kv.answer("kvDelete", question),
  };

  constructor(clock: TestClock) {
    this.#clock = clock;
  }

  async ask<K extends QuestionKind>(kind: K, question: Questions[K]): Promise<Answers[K]> {
    return this.#answers[kind](question);
  }

  /** Cached states are what later runs find results by. */
  hear(event: RunEvent): void {
    if (event.kind !== "task" || event.state !== "Cached") return;
    const { at, cacheKey, location, expiresAt, digests = [] } = event;
    if (cacheKey === undefined || location === undefined) return;
    this.#cached.unshift({ cacheKey, location, at, digests, ...(expiresAt === undefined ? {} : { expiresAt }) });
  }

  #statesOf(cacheKey: string): Omit<CachedState, "cacheKey">[] {
    const now = this.#clock.now();
    const ofKey = this.#cached.filter((state) => state.cacheKey === cacheKey && (state.expiresAt ?? Infinity) > now);
    return ofKey.map(({ cacheKey: _key, ...state }) => state);
  }

  #start(question: Questions["start"]): Answers["start"] {
    const before = this.started.find(({ idempotencyKey }) => idempotencyKey === question.idempotencyKey);
    if (before !== undefined) return { runId: before.runId, created: false };
    const runId = `started-${this.started.length + 1}`;
    const { scheduledStartTime: _at, ...rest } = question;
    this.started.push({ runId, ...rest });
    return { runId, created: true };
  }

  #outcome(runId: string): Answers["outcome"] {
    const run = this.started.find((one) => one.runId === runId);
    if (run !== undefined) return { runId, ...this.outcomes(run) };
    throw new WeirError("NEEDS_CLOUD", `The test knows no flow run ${runId}: the flow did not start it.`);
  }
}
