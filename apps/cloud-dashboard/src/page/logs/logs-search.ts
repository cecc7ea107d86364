/** What the address says after its `?`. Whatever is not understood is left out. */
export interface LogsSearch {}

export function readLogsSearch(_given: Record<string, unknown>): LogsSearch {
  return {};
}
