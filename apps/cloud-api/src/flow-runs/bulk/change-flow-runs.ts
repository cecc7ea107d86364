import { Refusal, type RefusalCode } from "@weir/protocol";
import { MOST_RUNS } from "./chosen-runs.ts";

/** Runs that were left as they are for the same reason. */
export interface LeftRuns {
  readonly code: RefusalCode;
  readonly count: number;
  /** What was said of the first of them. */
  readonly message: string;
  /** Ids of the first ten. */
  readonly ids: string[];
}

/** What became of an operation on many runs. */
export interface BulkOutcome {
  readonly changed: number;
  readonly refused: readonly LeftRuns[];
  /** Not looked at, because whoever asked was gone. */
  readonly left: number;
}

/** Runs that are changed at once: each takes a connection, and reports shall find some too. */
const AT_ONCE = 3;
const SHOWN = 10;

/**
 * Refuses unless there are as many runs as the person was shown.
 * @throws Refusal CONFLICT when the number is another now, INVALID when there are more than MOST_RUNS
 */
export function requireCount(found: number, expected: number): void {
  if (found > MOST_RUNS) {
    throw new Refusal(
      "INVALID",
      `More than ${MOST_RUNS} runs are meant, more than one operation takes; narrow the filter down.`,
    );
  }
  if (found === expected) return;
  throw new Refusal(
    "CONFLICT",
    `${found} runs are meant now, not ${expected}: nothing was changed. Look at them again, and ask with the number that you see.`,
  );
}

/**
 * Changes runs one by one, a few at a time. A run that refuses does not keep the others from it; anything else than a refusal ends it.
 * @param isGone asked before each run: whether whoever asked hung up
 */
export async function changeFlowRuns(
  ids: readonly string[],
  change: (id: string) => Promise<unknown>,
  isGone: () => boolean,
): Promise<BulkOutcome> {
  const refused = new Map<RefusalCode, { message: string; ids: string[] }>();
  const rest = ids.values();
  let changed = 0;
  const work = async () => {
    for (const id of rest) {
      if (isGone()) return;
      const refusal = await change(id).then(() => null, asRefusal);
      if (refusal === null) changed += 1;
      else {
        const others = refused.get(refusal.code) ?? { message: refusal.message, ids: [] };
        refused.set(refusal.code, { ...others, ids: [...others.ids, id] });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const kinds = [...refused].map(([code, { message, ids: all }]) => ({
    code,
    message,
    count: all.length,
    ids: all.slice(0, SHOWN),
  }));
  const seen = changed + kinds.reduce((sum, { count }) => sum + count, 0);
  return { changed, refused: kinds, left: ids.length - seen };
}

function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  throw error;
}
