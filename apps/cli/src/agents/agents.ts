import type { Agent } from "../connection/answers.ts";
import type { Pause } from "../connection/control-answers.ts";
import { allPages, withCloud } from "../connection/cloud.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { cleanLine } from "../terminal/clean.ts";
import { type Column, tableLines } from "../terminal/table.ts";

interface Options {
  readonly json?: boolean;
  readonly reason?: string;
}

const COLUMNS: Column<Agent>[] = [
  { title: "name", width: 30, text: ({ name }) => cleanLine(name) },
  { title: "online", width: 7, text: ({ online }) => (online ? "yes" : "no") },
  { title: "labels", width: 30, text: ({ labels }) => cleanLine(labels.join(", ")) },
  { title: "paused by", width: 25, text: ({ pause: paused }) => cleanLine(paused?.by ?? "") },
];

/** `weir agents list` */
export async function list(io: Io, _args: readonly string[], { json }: Options): Promise<ExitCode> {
  const agents = await withCloud(io, (cloud) => allPages(async (page) => (await cloud.ask("Agents", page)).agents));
  if (json) printDocument(io, { agents });
  else if (agents.length === 0) line(io, "No agents. Start one: weir agent start");
  else for (const text of tableLines(io, COLUMNS, agents)) line(io, text);
  return EXIT.ok;
}

/** `weir agents pause NAME` */
export async function pause(io: Io, [name = ""]: readonly string[], { json, reason }: Options): Promise<ExitCode> {
  const input = { name, ...(reason === undefined ? {} : { reason }) };
  const { agent } = await withCloud(io, (cloud) => cloud.change("PauseAgent", { input }));
  return tell(io, agent, json);
}

/** `weir agents resume NAME` */
export async function resume(io: Io, [name = ""]: readonly string[], { json }: Options): Promise<ExitCode> {
  const { agent } = await withCloud(io, (cloud) => cloud.change("ResumeAgent", { name }));
  return tell(io, agent, json);
}

function tell(io: Io, agent: { name: string; pause: Pause | null }, json: boolean | undefined): ExitCode {
  const name = cleanLine(agent.name);
  if (json) printDocument(io, { agent });
  else if (agent.pause === null) line(io, `${name} claims runs as they come.`);
  else line(io, `${name} claims nothing; what it holds goes on. Let it go on: weir agents resume ${name}`);
  return EXIT.ok;
}
