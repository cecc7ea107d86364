/** What the address says after its `?`. Whatever is not understood is left out. */
export interface RunSearch {}

export function readRunSearch(_given: Record<string, unknown>): RunSearch {
  return {};
}
