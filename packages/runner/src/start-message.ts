import type { LocalRun } from "./prepare-run.ts";
import type { StartMessage } from "@weir/protocol";
import type { RunnerConfig } from "./config.ts";
import { QUESTION_KINDS } from "./ipc-questions.ts";

/** What a child is told to begin a claimed run with. */
export function startMessage(
  claimed: LocalRun,
  config: Pick<RunnerConfig, "resultsDirectory" | "executor" | "childReuse">,
  environment: Readonly<Record<string, string>>,
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
    resultsDirectory: config.resultsDirectory,
    executor: config.executor,
    questions: QUESTION_KINDS,
    mayStay: config.childReuse === "on",
    env: environment,
  };
}
