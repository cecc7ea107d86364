/** A span on a line of `cells` cells, `from` and `to` as shares of 0 to 1. Whatever is there shows: at least one cell. */
export function spanBar(from: number, to: number, cells: number): { before: number; length: number } {
  const begin = Math.min(cells - 1, Math.max(0, Math.floor(from * cells)));
  const end = Math.min(cells, Math.max(begin + 1, Math.round(to * cells)));
  return { before: begin, length: end - begin };
}

/** How much of a bar of `cells` cells is done. Full only when all is. */
export function doneCells(done: number, total: number, cells: number): number {
  if (total <= 0) return 0;
  return done >= total ? cells : Math.min(cells - 1, Math.floor((done / total) * cells));
}
