import { claims } from "./claims/claims.ts";
import type { Contest } from "./contest.ts";
import { engineMap, engineMemory, engineOverhead } from "./engine/engine.ts";
import { fanOut } from "./fan-out.ts";
import { flowRuns } from "./flow-runs.ts";
import { gate } from "./gate.ts";
import { growth } from "./growth/growth.ts";
import { idle } from "./idle/idle.ts";
import { isolation } from "./isolation/isolation.ts";
import { latency } from "./latency.ts";
import { redaction } from "./redaction/redaction.ts";
import { restart } from "./restart.ts";
import { queries } from "./scale/queries.ts";
import { sequential } from "./sequential.ts";

/** Every comparison, in the order of the budget's rows. */
export const CONTESTS: readonly Contest[] = [
  fanOut,
  sequential,
  flowRuns,
  latency,
  claims,
  idle,
  restart,
  gate,
  redaction,
  engineOverhead,
  engineMap,
  engineMemory,
  isolation,
  growth,
  // Last: what it seeds stays in the house's database.
  queries,
];
