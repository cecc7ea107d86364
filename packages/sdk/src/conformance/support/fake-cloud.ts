import type { RunEvent, StateName } from "@weir/protocol";
import type { Answers, QuestionKind, Questions } from "@weir/protocol/ipc";
import type { Cloud } from "../../engine/cloud.ts";
import { MemoryKv } from "../../kv/memory-kv.ts";

type CachedState = Answers["cached"]["states"][number] & { readonly cacheKey: string };

/** What the engine asks of the cloud, answered from memory. It remembers Cached states of all runs that it was told of. */
export class FakeCloud implements Cloud {
  /** Questions in order: `slots 1`, `cached load`, `start other`, `outcome child-1`. */
  readonly asked: string[] = [];
  readonly starts: Questions["start"][] = [];
  /** Tags whose limit is full. */
  full: readonly string[] = [];
  /** Hears of each task run that got no slots. */
  refused: (number: number) => void = () => undefined;
  /** Flow runs that were started, or are waited for, by id: how they end. */
  outcomes: Record<string, StateName> = {};
  /** Set: it refuses every question with this sentence. */
  refusal: string | null = null;
  readonly #cached: CachedState[] = [];
  readonly #kv = new MemoryKv();

  readonly #answers: { readonly [K in QuestionKind]: (question: Questions[K]) => Answers[K] } = {
    slots: ({ number, tags }) => {
      const granted = !tags.some((tag) => this.full.includes(tag));
      if (!granted) this.refused(number);
      return { granted, waitSeconds: 5 };
    },
    cached: ({ cacheKey, digests }) => ({
      states: this.#cached
        .filter((state) => state.cacheKey === cacheKey && this.#holds(state))
        .map(({ cacheKey: _key, ...state }) => state),
      digests: [...digests],
    }),
    start: (question) => {
      this.starts.push(question);
      return { runId: `child-${question.idempotencyKey}`, created: true };
    },
    outcome: ({ runId }) => this.#outcome(runId),
    kvGet: (question) => this.#kv.answer("kvGet", question),
    kvSet: (question) => this.#kv.answer("kvSet", question),
    kvDelete: (question) => this.#kv.answer("kvDelete", question),
  };

  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  #holds({ expiresAt = Infinity }: CachedState): boolean {
    return expiresAt > this.#now();
  }

  async ask<K extends QuestionKind>(kind: K, question: Questions[K]): Promise<Answers[K]> {
    this.asked.push(`${kind} ${subject(question)}`);
    if (this.refusal !== null) throw new Error(this.refusal);
    return this.#answers[kind](question);
  }

  /** As the cloud's table would: newest first. */
  remember(events: readonly RunEvent[]): void {
    for (const event of events) {
      if (event.kind !== "task" || event.state !== "Cached") continue;
      const { at, cacheKey, location, expiresAt, digests = [] } = event;
      if (cacheKey === undefined || location === undefined) continue;
      this.#cached.unshift({ cacheKey, location, at, digests, ...(expiresAt === undefined ? {} : { expiresAt }) });
    }
  }

  #outcome(runId: string): Answers["outcome"] {
    const state = this.outcomes[runId] ?? "Success";
    if (state === "Success") return { runId, state };
    return { runId, state, failure: { name: "Error", message: "the child broke" } };
  }
}

function subject(question: Questions[QuestionKind]): string {
  if ("key" in question) return question.key;
  if ("number" in question) return `${question.number} ${question.tags.join("+")}`;
  if ("cacheKey" in question) return question.cacheKey;
  return "flow" in question ? question.flow : question.runId;
}
