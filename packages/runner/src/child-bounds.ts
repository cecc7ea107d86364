import type { FromChild } from "@weir/protocol";
import { IpcError } from "./ipc-reader.ts";

/**
 * Values that one run may have struck out, and their characters: every run of the agent is searched for them, and to take one in costs up to
 * a millisecond of the agent's only thread.
 */
const SECRETS_MOST = 2_000;
const SECRET_CHARACTERS = 256 * 1024;
/** Task runs that one run may declare: the gate knows the name of each. */
const TASK_RUNS_MOST = 1_000_000;

/** Counts what the agent keeps of what the child of one run tells, for as long as the run lasts. */
export class ChildBounds {
  /** Each counts once: a flow may read the same one ten thousand times. */
  readonly #secrets = new Set<string>();
  #characters = 0;
  #taskRuns = 0;

  /** @throws IpcError when it is more than any flow needs */
  count(message: FromChild): void {
    if (message.kind === "secrets") this.#countSecrets(message.values);
    else if (message.kind === "events")
      for (const event of message.events) if (event.kind === "task-run") this.#countTaskRun();
  }

  #countSecrets(values: readonly string[]): void {
    for (const value of values) {
      if (this.#secrets.has(value)) continue;
      this.#characters += value.length;
      if (this.#secrets.size >= SECRETS_MOST || this.#characters > SECRET_CHARACTERS)
        throw new IpcError(
          `it told more than ${SECRETS_MOST} secrets, or more than ${SECRET_CHARACTERS} characters of them, which is as much as the gate searches for`,
        );
      this.#secrets.add(value);
    }
  }

  #countTaskRun(): void {
    this.#taskRuns += 1;
    if (this.#taskRuns > TASK_RUNS_MOST)
      throw new IpcError(`it declared more than ${TASK_RUNS_MOST} task runs. Start other flow runs for the rest`);
  }
}
