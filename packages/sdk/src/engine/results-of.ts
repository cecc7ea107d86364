import { LIMITS } from "@weir/protocol/limits";
import { StoreError, type Store, type Where, type Written } from "@weir/results";
import { WeirError } from "../errors.ts";

// A store of the user's own may throw anything; what the run tells has a code and names the task.

/** Writes what a task returned. @throws WeirError naming the task, the place in the value or the store's reason. */
export async function keepResult(store: Store, value: unknown, where: Where): Promise<Written> {
  try {
    const written = await store.write(value, where);
    if (written.location.length <= LIMITS.locationLength) return written;
    throw new Error(`Its location has ${written.location.length} characters; the most is ${LIMITS.locationLength}.`);
  } catch (cause) {
    const code = cause instanceof StoreError ? cause.code : "RESULT_WRITE_FAILED";
    const index = where.mapIndex === undefined ? "" : ` (index ${where.mapIndex})`;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new WeirError(
      code,
      `The task ${JSON.stringify(where.task)}${index} ran, but its result was not kept. ${reason}`,
      {
        cause,
      },
    );
  }
}

/** Reads what a task run of an earlier attempt has written. @throws WeirError naming the task run and the store's reason. */
export async function readResult(store: Store | null, location: string, label: string): Promise<unknown> {
  try {
    if (store !== null) return await store.read(location);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const code = cause instanceof StoreError ? cause.code : "RESULT_READ_FAILED";
    throw new WeirError(code, `The value of ${label} is needed again, but is not there. ${reason}`, {
      cause,
    });
  }
  throw new WeirError(
    "RESULT_READ_FAILED",
    `The value of ${label} lies at ${location}, but no store is attached that could read it. Start the agent with a results directory, or start a new run.`,
  );
}
