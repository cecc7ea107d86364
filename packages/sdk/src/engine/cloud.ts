import type { Answers, QuestionKind, Questions } from "@weir/protocol/ipc";

/**
 * Whom the engine asks where the cloud must decide: slots of tagged tasks, cached results, other flow runs, the key-value store. Its runner answers; for a
 * run in memory this process does.
 */
export interface Cloud {
  /** @throws Refusal-like Error with the cloud's sentence; WeirError `NEEDS_CLOUD` in memory. */
  ask<K extends QuestionKind>(kind: K, question: Questions[K]): Promise<Answers[K]>;
}
