import { stripVTControlCharacters } from "node:util";
import type { Io } from "../io.ts";
import { fit, widthOf } from "./width.ts";

/**
 * Lines that scroll, above a few that are redrawn in place. Only for terminals: redrawing goes by moving up and clearing.
 */
export class LiveRegion {
  readonly #io: Io;
  #drawn = 0;

  constructor(io: Io) {
    this.#io = io;
  }

  /** Prints lines for good and redraws the region below them. */
  draw(forGood: readonly string[], region: readonly string[]): void {
    const back = this.#drawn === 0 ? "" : `\u001b[${this.#drawn}A\r\u001b[J`;
    const text = [...forGood, ...region.map((line) => this.#onOneLine(line))].map((line) => `${line}\n`).join("");
    if (back + text !== "") this.#io.out(back + text);
    this.#drawn = region.length;
  }

  /** A wrapped line would count as two. In a narrow terminal it loses its colours and its end. */
  #onOneLine(line: string): string {
    const { columns } = this.#io;
    return widthOf(line) <= columns ? line : fit(stripVTControlCharacters(line), columns);
  }
}
