import type { Answers, Questions } from "@weir/protocol/ipc";
import type { Json } from "@weir/protocol";
import { RefusedError } from "../child/refused-error.ts";

/** Questions of the key-value store. */
export type KvQuestion = Extract<keyof Questions, "kvGet" | "kvSet" | "kvDelete">;

/** Answers as the cloud would, out of this process: for runs without one. */
export class MemoryKv {
  readonly #entries = new Map<string, { readonly text: string; readonly version: number }>();

  readonly #answers: { readonly [K in KvQuestion]: (question: Questions[K]) => Answers[K] } = {
    kvGet: ({ key }) => {
      const entry = this.#entries.get(key);
      return entry === undefined ? { version: 0 } : { version: entry.version, value: JSON.parse(entry.text) as Json };
    },
    kvSet: ({ key, value, expectedVersion }) => {
      const version = this.#expected(key, expectedVersion) + 1;
      this.#entries.set(key, { text: JSON.stringify(value), version });
      return { version };
    },
    kvDelete: ({ key, expectedVersion }) => {
      this.#expected(key, expectedVersion);
      return { deleted: this.#entries.delete(key) };
    },
  };

  answer<K extends KvQuestion>(kind: K, question: Questions[K]): Answers[K] {
    return this.#answers[kind](question);
  }

  async ask<K extends KvQuestion>(kind: K, question: Questions[K]): Promise<Answers[K]> {
    return this.answer(kind, question);
  }

  /** Every value, by key. */
  values(): Readonly<Record<string, unknown>> {
    return Object.fromEntries([...this.#entries].map(([key, { text }]) => [key, JSON.parse(text) as unknown]));
  }

  /** The version that there is. @throws RefusedError CONFLICT unless it is the expected one */
  #expected(key: string, expected: number | undefined): number {
    const version = this.#entries.get(key)?.version ?? 0;
    if (expected === undefined || expected === version) return version;
    const found = version === 0 ? "is not there" : `has version ${version}`;
    throw new RefusedError(
      "CONFLICT",
      `The key ${JSON.stringify(key)} ${found}, and version ${expected} was expected: somebody was faster. Read it again, then write.`,
    );
  }
}

/** What runs in memory, and tasks outside of any flow, keep until this process ends. */
export const processKv = new MemoryKv();
