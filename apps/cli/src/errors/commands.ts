import type { Command } from "commander";
import { describe, type Lazily, wholeNumber } from "../command.ts";

const DIRECTORY = ["--directory <path>", "directory of the agent (default .weir/agent)"] as const;

/** Commands about what stayed in the agent's log. */
export function addErrors(program: Command, lazily: Lazily): void {
  const errors = program
    .command("errors")
    .description("Read errors of which only an id has left, where the policy says `exception: id-only`.");
  describe(errors.command("show"), {
    summary: "print the error that an id stands for",
    details:
      "The text stands in the directory of the agent that ran the task, and nowhere else. Where several agents share a machine, name the directory of the right one.",
    examples: [
      "weir errors show err_5f0c2a91b7d3e846",
      "weir errors show err_5f0c2a91b7d3e846 --directory agents/box-2",
    ],
    exits: ["ok", "usage", "notFound"],
    json: "{ error: { id, at, run, number, state, message, failure } }",
  })
    .argument("<id>", "id of the error, as state and failure of the run tell it")
    .option(...DIRECTORY)
    .action(lazily(async () => (await import("./show.ts")).show));
  describe(errors.command("list"), {
    summary: "list errors of which only an id has left, the newest first",
    examples: ["weir errors list", "weir errors list --limit 5"],
    exits: ["ok", "usage"],
    json: "{ errors: [...] }",
  })
    .option("--run <id>", "only those of this run")
    .option("--limit <count>", "that many at most (default 50)", wholeNumber(1, 100_000), 50)
    .option(...DIRECTORY)
    .action(lazily(async () => (await import("./list.ts")).list));
}
