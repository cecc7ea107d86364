import { Refusal } from "@weir/protocol";
import type { LogLine, RunDetails, TaskRun } from "../connection/answers.ts";
import { allPages, type Cloud } from "../connection/cloud.ts";

/** The sentence for an id that nobody has; the same as the cloud's own. */
function absent(id: string): Refusal {
  return new Refusal("NOT_FOUND", `There is no flow run "${id}". \`weir runs list\` shows those that are.`);
}

/** A run by id. @throws Refusal NOT_FOUND */
export async function readRun(cloud: Cloud, id: string): Promise<RunDetails> {
  const { flowRun } = await cloud.ask("FlowRun", { id });
  if (flowRun === null) throw absent(id);
  const { sealKeys, artifacts, ...run } = flowRun;
  return await cloud.reader.open(sealKeys, { ...run, artifacts: artifacts ?? [] });
}

/** Whether a run is older than the cloud keeps task runs, logs and artifacts. */
export async function isForgotten(cloud: Cloud, id: string): Promise<boolean> {
  const { flowRun } = await cloud.ask("FlowRunLogs", { id, first: 1 });
  return flowRun?.isForgotten === true;
}

/** All task runs of a run, by number. */
export async function readTaskRuns(cloud: Cloud, id: string): Promise<TaskRun[]> {
  return await allPages(async (page) => {
    const { flowRun } = await cloud.ask("FlowRunTaskRuns", { id, ...page });
    if (flowRun === null) throw absent(id);
    return await cloud.reader.open(flowRun.sealKeys, flowRun.taskRuns);
  });
}

/** All log lines of a run, in order. */
export async function readLogs(cloud: Cloud, id: string): Promise<LogLine[]> {
  return await allPages(async (page) => {
    const { flowRun } = await cloud.ask("FlowRunLogs", { id, ...page });
    if (flowRun === null) throw absent(id);
    return await cloud.reader.open(flowRun.sealKeys, flowRun.logs);
  });
}
