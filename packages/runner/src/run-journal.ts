import type { RunFacts } from "@weir/gate";
import type { Journal } from "./journal.ts";
import { type RunnerLog, sentenceOf } from "./log.ts";

/**
 * One holding of a run in the journal. Changes that tidy never fail the run: on a full disk the rows stay, and are shipped once more at
 * the next start, where the cloud skips or refuses them.
 */
export class RunJournal {
  readonly key: number;
  readonly #runId: string;
  readonly #journal: Journal;
  readonly #log: RunnerLog;

  /** @throws when the journal cannot be written */
  constructor(o: {
    journal: Journal;
    log: RunnerLog;
    facts: RunFacts;
    runId: string;
    attempt: number;
    token: string;
    at: number;
  }) {
    const { journal, log, ...run } = o;
    this.#journal = journal;
    this.#log = log;
    this.#runId = run.runId;
    this.key = journal.begin(run);
  }

  setToken(token: string): void {
    this.#change("The journal could not note a run's new token.", () => this.#journal.setToken(this.key, token));
  }

  setFacts(facts: RunFacts): void {
    this.#change("The journal could not note what the flow asks of the gate.", () =>
      this.#journal.setFacts(this.key, facts),
    );
  }

  /** The cloud takes nothing more. */
  setAside(reason: string): void {
    this.#change("The journal could not be tidied.", () => this.#journal.setAside(this.key, reason));
  }

  /** The cloud has all of it. */
  forget(): void {
    this.#change("The journal could not be tidied.", () => this.#journal.forget(this.key));
  }

  #change(problem: string, change: () => void): void {
    try {
      change();
    } catch (error) {
      this.#log.warn({ runId: this.#runId, problem: sentenceOf(error) }, problem);
    }
  }
}
