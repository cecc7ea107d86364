import { join } from "node:path";
import type { StateName } from "@weir/protocol";
import { askUntil } from "../faults/ask-until.ts";
import type { Stage } from "./stage.ts";

const FLOWS = join(import.meta.dirname, "flows", "connecting.flow.ts");
const PATIENCE_MS = 60_000;

interface Told {
  readonly flowRun: {
    readonly id: string;
    readonly message: string | null;
    readonly failure: { message: string } | null;
  };
}

const idOf = (printed: string): string => (JSON.parse(printed) as Told).flowRun.id;

/** Everything that a user does with Weir: registers, starts, follows, looks, stops, starts again; and an agent dies. */
export async function playFullRun(stage: Stage): Promise<void> {
  const { weir } = stage;
  await weir(["boundary", "check", FLOWS]);
  await weir(["register", FLOWS]);
  await weir(["limits", "set", "limited", "1"]);
  await weir(["run", FLOWS, "--flow", "harmless", "--local"]);
  await look(stage, await runWhole(stage));
  await runFailing(stage);
  await runEndless(stage);
  for (const noun of ["runs", "keys", "limits", "errors"]) await weir([noun, "list", ...ofAgent(noun, stage)]);
}

const ofAgent = (noun: string, { agentDirectory }: Stage): string[] =>
  noun === "errors" ? ["--directory", agentDirectory] : [];

/** Succeeds, and a second run of it finds what the first one has cached. */
async function runWhole({ weir, own, socket }: Stage): Promise<string> {
  const parameters = ["-p", `port=${own.port}`, "-p", `socket=${socket}`];
  await weir(["run", "whole", ...parameters]);
  return idOf(await weir(["run", "whole", ...parameters, "--json"]));
}

async function look({ weir, world, agentDirectory }: Stage, id: string): Promise<void> {
  const ofAgent = ["--directory", agentDirectory];
  await weir(["runs", "show", id]);
  await weir(["runs", "logs", id]);
  await weir(["results", "open", id, "summary", "--results", world.resultsDirectory, ...ofAgent]);
  await weir(["results", "open", id, "report", "--flow", FLOWS, ...ofAgent]);
  await weir(["ledger", "verify", ...ofAgent]);
  await weir(["ledger", "diff", id, ...ofAgent]);
  await weir(["boundary", "explain", id, ...ofAgent]);
}

/** Fails; the error stays with the agent, and is read there. */
async function runFailing({ weir, agentDirectory }: Stage): Promise<void> {
  const printed = await weir(["run", "fails", "--json"], 1);
  const [error] = /err_[0-9a-f]+/.exec(printed) ?? [];
  if (error === undefined) throw new Error(`The failed run names no error: ${printed}`);
  await weir(["errors", "show", error, "--directory", agentDirectory]);
  const id = idOf(printed);
  await weir(["runs", "restart", id]);
  await weir(["runs", "watch", id], 1);
}

/** Goes on and on: its agent is killed, the next one takes it over, and a person pauses, resumes and cancels it. */
async function runEndless(stage: Stage): Promise<void> {
  const { weir, agent } = stage;
  const id = idOf(await weir(["run", "endlessly", "--no-watch", "--json"]));
  await until(stage, id, "Running", 1);
  await agent.kill();
  await agent.start();
  await until(stage, id, "Running", 2);
  await weir(["runs", "pause", id]);
  await weir(["runs", "resume", id]);
  await weir(["runs", "cancel", id]);
  await weir(["runs", "watch", id], 1);
}

async function until({ world }: Stage, id: string, state: StateName, attempt: number): Promise<void> {
  const query = "select 1 from flow_runs where id = $1 and state = $2 and attempt = $3";
  const so = await askUntil(
    async () => ((await world.pool.query(query, [id, state, attempt])).rowCount === 1 ? true : undefined),
    PATIENCE_MS,
  );
  if (so !== true) throw new Error(`The run ${id} was not ${state} in attempt ${attempt} within a minute.`);
}
