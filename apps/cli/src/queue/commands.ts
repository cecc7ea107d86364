import { Argument, type Command } from "commander";
import { describe, exitsWith, type Lazily } from "../command.ts";

/** Commands about what keeps runs from being claimed: the queue of the tenant, and single agents. */
export function addQueue(program: Command, lazily: Lazily): void {
  const queue = program.command("queue").description("Pause all of the tenant's runs that wait, and let them go on.");
  describe(queue.command("show"), {
    summary: "show how many runs are due, and whether the queue is paused",
    examples: ["weir queue show"],
    exits: exitsWith(),
    json: "{ queue: { due, pause } }",
  }).action(lazily(async () => (await import("./queue.ts")).show));
  describe(queue.command("pause"), {
    summary: "let no agent claim a run",
    details: "What agents hold goes on. It stands until `weir queue resume`.",
    examples: ['weir queue pause --reason "the warehouse is being moved"'],
    exits: exitsWith(),
    json: "{ queue: { due, pause } }",
  })
    .option("--reason <text>", "for whoever asks why nothing runs")
    .action(lazily(async () => (await import("./queue.ts")).pause));
  describe(queue.command("resume"), {
    summary: "let agents claim runs again",
    examples: ["weir queue resume"],
    exits: exitsWith(),
    json: "{ queue: { due, pause } }",
  }).action(lazily(async () => (await import("./queue.ts")).resume));
  addAgents(program, lazily);
}

function addAgents(program: Command, lazily: Lazily): void {
  const agents = program.command("agents").description("List agents, pause one, and let it go on.");
  const name = () => new Argument("<name>", "name of the agent, as `weir agents list` shows it");
  describe(agents.command("list"), {
    summary: "list agents, newest first",
    examples: ["weir agents list"],
    exits: exitsWith(),
    json: "{ agents: [...] }",
  }).action(lazily(async () => (await import("../agents/agents.ts")).list));
  describe(agents.command("pause"), {
    summary: "let an agent claim nothing",
    details: "What it holds goes on. It stands until `weir agents resume`, also when the agent is started anew.",
    examples: ['weir agents pause mill --reason "new disk"'],
    exits: exitsWith("notFound"),
    json: "{ agent: { name, pause } }",
  })
    .addArgument(name())
    .option("--reason <text>", "for whoever asks why it takes nothing")
    .action(lazily(async () => (await import("../agents/agents.ts")).pause));
  describe(agents.command("resume"), {
    summary: "let a paused agent claim again",
    examples: ["weir agents resume mill"],
    exits: exitsWith("notFound"),
    json: "{ agent: { name, pause } }",
  })
    .addArgument(name())
    .action(lazily(async () => (await import("../agents/agents.ts")).resume));
}
