/** What is known of an export while its text comes in pieces. */
export class ExportText {
  #rows = 0;
  #rest = "";
  #last = "";

  /** Takes the next piece. */
  add(piece: string): void {
    const lines = (this.#rest + piece).split("\n");
    this.#rest = lines.pop() ?? "";
    this.#rows += lines.filter((line) => line.startsWith('{"table":')).length;
    this.#last = lines.at(-1) ?? this.#last;
  }

  get rows(): number {
    return this.#rows;
  }

  /** An export without its last line was cut off. */
  get isWhole(): boolean {
    return this.#rest === "" && this.#last.startsWith('{"end":true,');
  }
}
