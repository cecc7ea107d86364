import type { Store, Where } from "../store.ts";

/** The task run whose results tests write. */
export const WHERE: Where = {
  runId: "0197a0b0-0000-7000-8000-000000000001",
  flow: "nightly",
  task: "load",
  taskRunNumber: 1,
  attempt: 1,
  tryNumber: 1,
  scheduledStartTime: Date.UTC(2026, 0, 2, 3, 4, 5),
  parameters: { day: "2026-01-02", region: "eu/west" },
  inputs: ["one", 2],
};

/** An empty place for results. */
export interface Place {
  /** A store over the place; each call another one, as other processes have. Absent where nothing outlives the store. */
  readonly open: () => Store;
  readonly isShared: boolean;
  /** What can happen to all that lies there. */
  readonly vanish?: () => Promise<void>;
  /** Cuts each by its last byte. */
  readonly truncate?: () => Promise<void>;
  /** Changes bytes, not the size. Absent where that is not found out, with the reason. */
  readonly alter?: () => Promise<void>;
}

/** A store in a place of its own. */
export type MakePlace = () => Promise<Place>;

/** The last byte of one is another, the size stays. */
export function altered(data: Buffer): Buffer {
  const changed = Buffer.from(data);
  const last = changed.length - 1;
  changed[last] = (changed[last] ?? 0) ^ 1;
  return changed;
}
