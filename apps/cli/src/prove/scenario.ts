import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { isFinished, type StateName } from "@weir/protocol";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-codes.ts";
import { readLogs, readRun, readTaskRuns } from "../runs/read-run.ts";
import type { Part } from "./parts.ts";
import type { Side } from "./side.ts";

/** How the run of each part ends. */
const ENDS: Readonly<Record<Part, readonly StateName[]>> = {
  work: ["Success"],
  fails: ["Failed"],
  throws: ["Failed"],
  exits: ["Crashed"],
  killed: ["Crashed"],
  memory: ["Crashed"],
  cancelled: ["Cancelled"],
  hushed: ["Success"],
  asked: ["Failed"],
  left: ["Success"],
};

/** Carries the scenario out on one side, as far as `parts` goes; what it leaves behind is with the cloud and the recorder. @throws CliError when a flow does not end as it should */
export async function playScenario(side: Side, parts: readonly Part[]): Promise<void> {
  const { flowFile } = side.scratch;
  await side.weir(["register", flowFile, "--project", side.project, "--create-project"]);
  await side.cloud.change("SetTaskLimit", { input: { tag: side.canaries["tag"]?.text ?? "", slots: 1 } });
  const together = parts.filter((part) => part !== "left");
  await Promise.all(together.map((part) => play(side, part)));
  // Last: its agent is killed, and with it whatever else would run.
  if (parts.includes("left")) await playLeft(side);
  await askEverything(side);
}

async function play(side: Side, part: Part): Promise<void> {
  const id = await begin(side, part);
  if (part === "cancelled") await cancel(side, id);
  await untilOver(side, id, ENDS[part]);
  if (part !== "fails") return;
  await side.cloud.change("RestartFlowRun", { id });
  await untilOver(side, id, ["Success"]);
}

/** The run that has something to hide is begun as a person would; the others have no parameters, and a process for each would take seconds. */
async function begin(side: Side, part: Part): Promise<string> {
  const id = part === "work" ? await beginWork(side) : await beginPlain(side, part);
  side.runs.set(part, id);
  return id;
}

async function beginPlain(side: Side, flow: Part): Promise<string> {
  return (await side.cloud.change("CreateFlowRun", { input: { project: side.project, flow } })).flowRun.id;
}

/** Not before its task has said something, so that there is something to hide. */
async function cancel(side: Side, id: string): Promise<void> {
  await side.until(`a task of the run ${id} runs`, async () =>
    (await readTaskRuns(side.cloud, id)).some(({ state }) => state === "Running"),
  );
  await side.cloud.change("CancelFlowRun", { id });
}

async function beginWork(side: Side): Promise<string> {
  const name = side.canaries["flowRunName"]?.text ?? "";
  const options = ["run", "work", "--project", side.project, "--no-watch", "--name", name];
  const { flowRun } = await side.weir<{ flowRun: { id: string } }>([...options, ...(await parameters(side, options))]);
  return flowRun.id;
}

/** Under a policy that drops parameters, a run that is given some is refused before anything of it is sent. */
async function parameters(side: Side, options: readonly string[]): Promise<string[]> {
  const given = ["--parameters", side.scratch.parameters];
  if (side.policy.actionFor("parameter") !== "drop") return given;
  const { code } = await side.tryWeir([...options, ...given]);
  if (code !== 0) return [];
  const message = `The policy ${side.policy.name} drops parameters, and yet a run was begun with some.`;
  throw new CliError(EXIT.failed, "PROOF_BROKEN", message);
}

async function untilOver(side: Side, id: string, wanted: readonly StateName[]): Promise<void> {
  let state: StateName = "Pending";
  await side.until(`the run ${id} ended`, async () => {
    ({ state } = await readRun(side.cloud, id));
    return isFinished(state);
  });
  if (wanted.includes(state)) return;
  const { flow, failure } = await readRun(side.cloud, id);
  const message = `The flow ${flow.name} of the proof ended ${state} instead of ${wanted.join(" or ")}: ${failure?.message ?? "nobody says why"}`;
  throw new CliError(EXIT.failed, "PROOF_BROKEN", `${message} (policy ${side.policy.name})`);
}

/** No report gets through, so that all stands in the journal only; then the agent is killed, and its successor finds it. */
async function playLeft(side: Side): Promise<void> {
  side.recorder.hold(/\/reports$/);
  const id = await begin(side, "left");
  await side.until("the agent tried to report", () => side.recorder.reportsOf(id) > 0);
  await side.killAgent();
  writeFileSync(join(side.scratch.code, "go-on"), "");
  side.recorder.hold(null);
  await side.startAgent();
  await untilOver(side, id, ENDS.left);
}

/** Asks the cloud for all that a client can see; the recorder keeps the answers. */
async function askEverything(side: Side): Promise<void> {
  const { cloud, project } = side;
  const { flowRuns } = await cloud.ask("FlowRuns", { filter: { project }, first: 200 });
  for (const { node } of flowRuns.edges) {
    await Promise.all([readRun(cloud, node.id), readTaskRuns(cloud, node.id), readLogs(cloud, node.id)]);
    await cloud.ask("FlowRunHoldings", { id: node.id });
    await cloud.ask("Flow", { project, name: node.flow.name });
  }
  await Promise.all([
    cloud.ask("Agents", { first: 50 }),
    cloud.ask("TaskLimits", { first: 50 }),
    cloud.ask("ApiKeys", { first: 50 }),
  ]);
}
