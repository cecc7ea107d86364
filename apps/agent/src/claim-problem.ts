import { type ClaimedRun, jsonProblem } from "@weir/protocol";

/** What the agent knows by itself of what it may be given. */
export interface OwnSide {
  readonly labels: readonly string[];
  /** Null: all projects of the tenant. */
  readonly projects: readonly string[] | null;
  /** Runs that it can still take. */
  readonly room: number;
  /** The attempt of this run that it holds already; 0 when none. */
  readonly heldAttempt: number;
}

/** Names in a sentence; what the cloud says may be long, and lists of it too. */
const NAMED = 5;

/**
 * Checks a claimed run against what was asked for: a cloud that is taken over must not make an agent do more than its user started it for.
 * @returns why it is not taken, the middle of a sentence; null when it may be
 */
export function claimProblem(run: ClaimedRun, own: OwnSide): string | null {
  const { runId, attempt, project, labels } = run;
  const id = `the cloud gave the run ${runId}`;
  if (own.projects !== null && !own.projects.includes(project))
    return `${id} of the project ${JSON.stringify(project)}, which this agent does not serve`;
  const missing = labels.filter((label) => !own.labels.includes(label));
  if (missing.length > 0)
    return `${id}, which needs the labels ${missing.slice(0, NAMED).join(", ")}, and this agent does not have them`;
  if (attempt <= own.heldAttempt)
    return `${id} as attempt ${attempt}, of which this agent holds attempt ${own.heldAttempt} already`;
  if (own.room <= 0) return `${id}, for which there is no room and none was asked for`;
  const problem = jsonProblem(run.parameters, "the value of its parameters");
  return problem === null ? null : `${id}, but ${problem}`;
}
