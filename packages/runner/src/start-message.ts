import type { ClaimedRun, StartMessage } from "@weir/protocol";

/** What a child is told to begin a claimed run with. */
export function startMessage(
  claimed: ClaimedRun,
  o: { resultsDirectory: string | null; environment: Readonly<Record<string, string>> },
): StartMessage {
  const { runId, runName, attempt, flow, flowVersion, project, storage, scheduledStartTime, known } = claimed;
  return {
    kind: "start",
    runId,
    runName,
    attempt,
    flow,
    flowVersion,
    project,
    directory: storage.directory,
    entry: storage.entry,
    scheduledStartTime,
    known,
    parameters: claimed.parameters as StartMessage["parameters"],
    resultsDirectory: o.resultsDirectory,
    env: o.environment,
  };
}
