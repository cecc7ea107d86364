import type { Holding, RegisteredFlow, RunDetails } from "../connection/answers.ts";
import { type Cloud, openCloud } from "../connection/cloud.ts";
import { dashboardAddress } from "../dev/dashboard-address.ts";
import { startStack, type Stack } from "../dev/stack.ts";
import { filesOf, urlLines, urlsOf, type Urls } from "../dev/urls.ts";
import type { ExitCode } from "../exit-codes.ts";
import { inspectFlows } from "../flows/inspect.ts";
import { refuseContradicted } from "../boundary/refuse-contradicted.ts";
import { ensureProject, registerFlows } from "../flows/register-flows.ts";
import { type Io, line, printDocument } from "../io.ts";
import { until } from "../processes/until.ts";
import { readRun } from "../runs/read-run.ts";
import type { RunView } from "../runs/run-view.ts";
import { exitOfRun, runDocument, watchRun } from "../runs/watch-run.ts";
import { duration } from "../terminal/quantity.ts";
import { DEMO_PROJECT, exampleFlow } from "./example.ts";
import { reportsOf } from "./report.ts";
import { resultRows } from "./results.ts";
import { summaryLines } from "./summary.ts";

interface Options {
  readonly once?: boolean;
  readonly json?: boolean;
  readonly top: number;
  readonly minDelay: number;
  readonly directory: string;
  readonly port: number;
}

/** All that the demo learned of its run. */
export interface DemoRun {
  readonly view: RunView;
  readonly run: RunDetails;
  readonly flow: RegisteredFlow | null;
  readonly holdings: readonly Holding[];
}

/** `weir demo` */
export async function demo(io: Io, _args: readonly string[], options: Options): Promise<ExitCode> {
  const file = exampleFlow();
  const begun = performance.now();
  const step = stepper(io, options.json === true);
  if (!options.json) for (const text of introduction(io)) line(io, text);
  const stack = await startStack(io, { ...options, step });
  try {
    const told = await Promise.race([runExample(io, stack, file, options, step), stack.broken]);
    const exitCode = exitOfRun(told.view);
    const page = `/runs/${told.view.head.id}`;
    // With --once nothing answers any more when this is read.
    const urls = options.once ? filesOf(stack) : urlsOf(stack, stack.url + page);
    if (options.json) printDocument(io, documentOf(told, urls));
    else {
      for (const text of summaryLines(io, told, stack)) line(io, text);
      line(io, `  ${io.paint.dim(`${duration(performance.now() - begun)} from nothing to here.`)}`);
    }
    if (options.once) return exitCode;
    if (!options.json)
      for (const text of stayingLines(io, stack, await dashboardAddress(io, stack, page))) line(io, text);
    await Promise.race([until(io.interrupted), stack.broken]);
    return exitCode;
  } finally {
    await stack.stop();
  }
}

function introduction(io: Io): string[] {
  return [
    "",
    `${io.paint.bold("Weir")}  runs workflows: code and data stay here, the cloud sees states and times.`,
    io.paint.dim("This starts all of it on this machine, runs one flow on real data, and shows what each side knows."),
    "",
  ];
}

type Step = (sentence: string) => void;

function stepper(io: Io, silent: boolean): Step {
  return (sentence) => (silent ? undefined : line(io, `  ${io.paint.dim(`${sentence} …`)}`));
}

async function runExample(io: Io, stack: Stack, file: string, options: Options, step: Step): Promise<DemoRun> {
  const { url, keys } = stack;
  const cloud = openCloud(io, { url, key: keys.userKey, source: keys.path });
  try {
    const name = await registerExample(io, cloud, file, step);
    const parameters = { top: options.top, minDelay: options.minDelay };
    const input = { project: DEMO_PROJECT, flow: name, parameters };
    const { flowRun } = await cloud.change("CreateFlowRun", { input });
    step(`running it with ${JSON.stringify(parameters)}`);
    if (!options.json) line(io);
    const view = await watchRun(io, cloud, flowRun.id, options.json === true);
    return await readAll(cloud, view, name);
  } finally {
    await cloud.close();
  }
}

async function registerExample(io: Io, cloud: Cloud, file: string, step: Step): Promise<string> {
  step("examples/flights is registered through GraphQL");
  const flows = await inspectFlows(io, file);
  await refuseContradicted(io, DEMO_PROJECT, flows);
  await ensureProject(cloud, DEMO_PROJECT);
  const [registered] = await registerFlows(cloud, DEMO_PROJECT, flows);
  return registered?.flow ?? "flights";
}

async function readAll(cloud: Cloud, view: RunView, name: string): Promise<DemoRun> {
  const { id } = view.head;
  const [run, { flowRun }, { flow }] = await Promise.all([
    readRun(cloud, id),
    cloud.ask("FlowRunHoldings", { id }),
    cloud.ask("Flow", { project: DEMO_PROJECT, name }),
  ]);
  return { view, run, flow, holdings: flowRun?.holdings ?? [] };
}

function documentOf({ view, run, holdings }: DemoRun, urls: Partial<Urls>): object {
  return {
    ...runDocument(view),
    flowRun: run,
    results: resultRows(view.taskRuns),
    reports: reportsOf(run.artifacts),
    holdings,
    urls,
  };
}

function stayingLines(io: Io, stack: Stack, dashboard: string): string[] {
  return [
    "",
    io.paint.bold("Up and running"),
    ...urlLines(io, stack, dashboard),
    "",
    "  In another terminal, from this folder or below it:",
    `    npx -y pnpm@12 weir runs list`,
    `    npx -y pnpm@12 weir run flights --project ${DEMO_PROJECT} -p top=10`,
    "",
    io.paint.dim("  Ctrl-C ends everything; what ran is there again the next time."),
  ];
}
