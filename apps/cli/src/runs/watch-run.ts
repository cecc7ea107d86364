import { isSuccessful } from "@weir/protocol/state";
import type { Cloud } from "../connection/cloud.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { followRun } from "./follow-run.ts";
import { LiveView } from "./live-view.ts";
import type { RunView } from "./run-view.ts";

/** Follows a run to its end; shows it meanwhile unless `silent`. */
export async function watchRun(io: Io, cloud: Cloud, id: string, silent: boolean): Promise<RunView> {
  const live = new LiveView(silent ? { ...io, interactive: false, out: () => {} } : io);
  try {
    for await (const update of followRun(io, cloud, id)) live.show(update);
    live.close();
  } finally {
    live.end();
  }
  return live.view;
}

/** A run that did not succeed is exit code 1: Failed, Crashed, Cancelled. */
export function exitOfRun(view: RunView): ExitCode {
  return view.state !== null && isSuccessful(view.state) ? EXIT.ok : EXIT.failed;
}

/** What `--json` tells of a run that was followed to its end. */
export function runDocument(view: RunView): object {
  return { flowRun: view.head, taskRuns: view.taskRuns, logs: view.logs };
}
