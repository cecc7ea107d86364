/** Counts the calls of each task, so that a later attempt recognises its task runs. */
export class Ordinals {
  readonly #counts = new Map<string, number>();
  readonly #keys = new Set<string>();

  /**
   * Calls with a key are counted apart: one more of them leaves the numbers of the others as they were.
   * @throws Error when the key was used before.
   */
  next(task: string, key: string | undefined): number {
    if (key !== undefined) this.#useKey(task, key);
    const counter = key === undefined ? task : `${task}\n`;
    const ordinal = this.#counts.get(counter) ?? 0;
    this.#counts.set(counter, ordinal + 1);
    return ordinal;
  }

  #useKey(task: string, key: string): void {
    const used = `${task}\n${key}`;
    if (this.#keys.has(used)) {
      throw new Error(
        `The task ${JSON.stringify(task)} was called twice with the key ${JSON.stringify(key)}. A key must be unique among the task's runs.`,
      );
    }
    this.#keys.add(used);
  }
}
