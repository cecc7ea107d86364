import type { Io } from "../io.ts";
import { widthOf } from "./width.ts";

/**
 * Lines that scroll, above a few that are redrawn in place. Only for terminals. Redrawing goes by moving up and clearing, so
 * no redrawn line may be longer than the terminal is wide: a wrapped one would count as two.
 */
export class LiveRegion {
  readonly #io: Io;
  #drawn = 0;

  constructor(io: Io) {
    this.#io = io;
  }

  /** Prints lines for good and redraws the region below them. */
  draw(forGood: readonly string[], region: readonly string[]): void {
    const tooWide = region.find((line) => widthOf(line) > this.#io.columns);
    if (tooWide !== undefined)
      throw new RangeError(`a line of the live region is wider than ${this.#io.columns} cells`);
    const back = this.#drawn === 0 ? "" : `\u001b[${this.#drawn}A\r\u001b[J`;
    const text = [...forGood, ...region].map((line) => `${line}\n`).join("");
    if (back + text !== "") this.#io.out(back + text);
    this.#drawn = region.length;
  }
}
