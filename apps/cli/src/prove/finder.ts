/** Shorter texts stand somewhere by chance. */
export const SHORTEST_NEEDLE = 12;

const TABLE = 1 << 16;

/** A text to look for, with what is to be told of a find. */
export interface Needle<T> {
  readonly bytes: Buffer;
  readonly tells: T;
}

/**
 * Finds thousands of needles in one pass over bytes (Wu and Manber, 1994): a window as long as the shortest needle, which jumps as far as the
 * pair of bytes at its end allows. `includes` for each needle and 100 MB would take minutes.
 */
export class Finder<T> {
  readonly #jump = new Uint8Array(TABLE).fill(SHORTEST_NEEDLE - 1);
  readonly #ending: (Needle<T>[] | undefined)[] = [];

  /** @throws Error for a needle that is too short to be looked for */
  constructor(needles: readonly Needle<T>[]) {
    for (const needle of needles) {
      const { bytes } = needle;
      if (bytes.length < SHORTEST_NEEDLE)
        throw new Error(
          `A text of ${bytes.length} bytes is too short to be searched for: it would be found by chance.`,
        );
      for (let at = 1; at < SHORTEST_NEEDLE; at += 1) {
        const pair = bytes.readUInt16LE(at - 1);
        this.#jump[pair] = Math.min(this.#jump[pair] ?? 0, SHORTEST_NEEDLE - 1 - at);
      }
      const last = bytes.readUInt16LE(SHORTEST_NEEDLE - 2);
      (this.#ending[last] ??= []).push(needle);
    }
  }

  /** What is told of the needles that are there; each once or more often. */
  *in(content: Buffer): Generator<T> {
    for (let end = SHORTEST_NEEDLE - 1; end < content.length;) {
      const pair = (content[end - 1] ?? 0) | ((content[end] ?? 0) << 8);
      const jump = this.#jump[pair] ?? 0;
      if (jump > 0) {
        end += jump;
        continue;
      }
      const start = end - SHORTEST_NEEDLE + 1;
      for (const { bytes, tells } of this.#ending[pair] ?? [])
        if (content.subarray(start, start + bytes.length).equals(bytes)) yield tells;
      end += 1;
    }
  }
}
