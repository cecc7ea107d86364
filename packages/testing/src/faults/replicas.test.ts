import { expect, test } from "vitest";
import { MOST_TOLD } from "./report.ts";
import { runReplicas } from "./replicas.ts";

// WEIR_FAULTS_SECONDS raises the dose: 300 is five minutes.
const seconds = Number(process.env.WEIR_FAULTS_SECONDS ?? 12);

test(
  "no user operation fails while one of two replicas is restarted all the time",
  { timeout: 10 * 60_000 },
  async () => {
    const everySeconds = seconds > 60 ? 10 : 4;
    const { violations, operations, repeated } = await runReplicas({ seconds, everySeconds, users: 4 });
    expect(violations.slice(0, MOST_TOLD)).toEqual([]);
    expect(operations).toBeGreaterThan(100);
    // Otherwise nothing was cut, and nothing shown.
    expect(repeated).toBeGreaterThan(0);
  },
);
