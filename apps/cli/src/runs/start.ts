import { refuseContradicted } from "../boundary/refuse-contradicted.ts";
import { requestedBoundary } from "../boundary/requested.ts";
import { CliError } from "../cli-error.ts";
import { allPages, type Cloud, withCloud } from "../connection/cloud.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { inspectFlows, isFlowFile } from "../flows/inspect.ts";
import { readParameters } from "../flows/parameters.ts";
import { registerFlows } from "../flows/register-flows.ts";
import { type Io, line, printDocument } from "../io.ts";
import type { SignOptions } from "../sign/commands.ts";
import { chosenSigner, tellDistrust } from "../sign/own-signer.ts";
import { closingLines } from "./closing-lines.ts";
import { preparedRun } from "./prepared.ts";
import { exitOfRun, runDocument, watchRun } from "./watch-run.ts";

interface Options extends SignOptions {
  readonly param?: readonly string[];
  readonly parameters?: string;
  readonly project: string;
  readonly flow?: string;
  readonly name?: string;
  readonly label?: readonly string[];
  readonly idempotencyKey?: string;
  readonly boundary?: readonly string[];
  readonly watch: boolean;
  readonly local?: boolean;
  readonly json?: boolean;
}

/** `weir run FILE|FLOW` */
export async function start(io: Io, [target = ""]: readonly string[], options: Options): Promise<ExitCode> {
  const parameters = await readParameters(io, options);
  if (options.local) {
    const { runLocally } = await import("../flows/run-locally.ts");
    return await runLocally(io, target, { ...options, parameters });
  }
  const signer = await chosenSigner(io, options);
  const file = isFlowFile(io.cwd, target);
  // A flow that was signed runs with its signed defaults, whoever starts it.
  if (file || signer !== null || Object.keys(parameters).length > 0) await tellDistrust(io, signer);
  const flows = file ? await inspectFlows(io, target) : [];
  const names = flows.map(({ name }) => name);
  const flow = file ? chosenFlow(names, target, options.flow) : target;
  const chosen = flows.filter(({ name }) => name === flow);
  if (file) await refuseContradicted(io, options.project, chosen);
  const work = async (cloud: Cloud): Promise<ExitCode> => {
    if (file) await registerFlows(cloud, options.project, chosen);
    const boundary = requestedBoundary(options.boundary ?? []);
    const registration = flows.find(({ name }) => name === flow);
    const prepared = await preparedRun(
      io,
      cloud,
      { project: options.project, flow, parameters, boundary },
      registration,
    );
    const { flowRun, created } = await cloud.change("CreateFlowRun", { input: creation(flow, prepared, options) });
    return await afterCreation(io, cloud, { ...flowRun, created }, options);
  };
  return await withCloud(io, work, { signer });
}

/** The flow of a file that is meant. @throws CliError when the file holds several and none is named */
export function chosenFlow(names: readonly string[], file: string, wanted: string | undefined): string {
  const [only] = names;
  if (wanted === undefined && names.length === 1 && only !== undefined) return only;
  if (wanted !== undefined && names.includes(wanted)) return wanted;
  const there = names.map((name) => JSON.stringify(name)).join(", ");
  const message =
    wanted === undefined
      ? `${file} holds ${names.length} flows: ${there}. Say which one with --flow NAME.`
      : `${file} holds no flow ${JSON.stringify(wanted)}; it holds ${there}.`;
  throw new CliError(EXIT.usage, "FLOW_AMBIGUOUS", message);
}

function creation(flow: string, { parameters, boundary }: Awaited<ReturnType<typeof preparedRun>>, options: Options) {
  const { project, name, label = [], idempotencyKey } = options;
  return {
    project,
    flow,
    parameters,
    ...(name === undefined ? {} : { name }),
    ...(label.length === 0 ? {} : { labels: [...label] }),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    ...(boundary === undefined ? {} : { boundary }),
  };
}

interface Created {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly created: boolean;
}

/** Why nobody will take the run now, or null: a run that waits without a reason is the worst of riddles. */
async function missingAgent(cloud: Cloud, labels: readonly string[]): Promise<string | null> {
  const agents = await allPages(async (page) => (await cloud.ask("Agents", page)).agents);
  const online = agents.filter((agent) => agent.online);
  if (online.length === 0) return "No agent is online, so the run waits. Start one: weir agent start";
  if (online.some((agent) => labels.every((label) => agent.labels.includes(label)))) return null;
  return `No agent that is online has the labels ${labels.join(", ")}, so the run waits. Start one: weir agent start ${labels.map((label) => `--label ${label}`).join(" ")}`;
}

async function afterCreation(io: Io, cloud: Cloud, run: Created, options: Options): Promise<ExitCode> {
  const { watch, json } = options;
  if (!json) {
    const which = run.created ? "is created" : "was created before with this idempotency key";
    line(io, `${io.paint.bold(run.name)} ${which}: ${run.id}`);
    line(io, io.paint.dim(watch ? "Ctrl-C ends the watching, not the run." : `Follow it: weir runs watch ${run.id}`));
    const missing = run.state === "Scheduled" ? await missingAgent(cloud, options.label ?? []) : null;
    if (missing !== null) line(io, io.paint.yellow(missing));
  }
  if (!watch) {
    if (json) printDocument(io, { flowRun: run });
    return EXIT.ok;
  }
  const view = await watchRun(io, cloud, run.id, json === true);
  if (json) printDocument(io, runDocument(view));
  else closingLines(io, view.head);
  return exitOfRun(view);
}
