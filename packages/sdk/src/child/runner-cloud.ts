import type { AnswerMessage, Answers, QuestionKind, Questions } from "@weir/protocol/ipc";
import { LIMITS } from "@weir/protocol/limits";
import type { Cloud } from "../engine/cloud.ts";
import { RefusedError } from "./refused-error.ts";

/** The line to the runner, as far as questions need it. */
export interface QuestionLine {
  /** Resolves when every event that was emitted so far is written. */
  drained(): Promise<void>;
  write(line: string): unknown;
}

/**
 * Questions that are open at once. The runner refuses more than 10,000; what is beyond these waits here. Those that wait for another run
 * may be open for hours and must not stand in the way of the others.
 */
const SHORT_MOST = 1_000;
const LONG_MOST = 5_000;

/** What a runner answers that does not say what it does. It would end the run for a question that it does not know. */
const SERVED_ALWAYS = ["slots", "cached", "start", "outcome"] as const satisfies readonly QuestionKind[];

class Window {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(width: number) {
    this.#free = width;
  }

  async enter(): Promise<void> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((entered) => this.#waiting.push(entered));
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free += 1;
  }
}

/** Asks the cloud by way of the runner, which holds the credentials and the gate. */
export class RunnerCloud implements Cloud {
  readonly #line: QuestionLine;
  readonly #open = new Map<number, (message: AnswerMessage) => void>();
  readonly #short = new Window(SHORT_MOST);
  readonly #long = new Window(LONG_MOST);
  #lastId = 0;
  #served: readonly QuestionKind[] = SERVED_ALWAYS;

  constructor(line: QuestionLine) {
    this.#line = line;
  }

  /** What the runner of the run that begins says that it answers. */
  serves(questions: readonly QuestionKind[] = SERVED_ALWAYS): void {
    this.#served = questions;
  }

  /** @throws RefusedError with the cloud's sentence */
  async ask<K extends QuestionKind>(kind: K, question: Questions[K]): Promise<Answers[K]> {
    if (!this.#served.includes(kind))
      throw new RefusedError(
        "AGENT_TOO_OLD",
        `The cloud was not asked (${kind}): the agent that runs this flow is older than its @weir/sdk, and has no way to the key-value store. Update the agent's packages.`,
      );
    const window = kind === "outcome" ? this.#long : this.#short;
    await window.enter();
    try {
      return (await this.#ask(kind, question)) as Answers[K];
    } finally {
      window.leave();
    }
  }

  async #ask(kind: QuestionKind, question: Questions[QuestionKind]): Promise<Answers[QuestionKind]> {
    this.#lastId += 1;
    const id = this.#lastId;
    const line = `${JSON.stringify({ ...question, kind: "ask", id, ask: kind })}\n`;
    const bytes = Buffer.byteLength(line);
    if (bytes > LIMITS.ipcMessageBytes)
      throw new RefusedError(
        "TOO_LARGE",
        `The cloud was not asked (${kind}): the question has ${bytes} bytes. Put the data into your storage and pass where it lies.`,
      );
    const heard = new Promise<AnswerMessage>((answered) => this.#open.set(id, answered));
    // The cloud decides by what it knows of the run: what was told before must come before.
    await this.#line.drained();
    this.#line.write(line);
    const message = await heard;
    if ("refusal" in message) throw new RefusedError(message.refusal.code, message.refusal.message);
    return message.answer;
  }

  /** The runner answers. */
  answered(message: AnswerMessage): void {
    const answer = this.#open.get(message.id);
    this.#open.delete(message.id);
    answer?.(message);
  }
}
