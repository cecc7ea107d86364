/** What the address says after its `?`. Whatever is not understood is left out. */
export interface RunsSearch {}

export function readRunsSearch(_given: Record<string, unknown>): RunsSearch {
  return {};
}
