import type { Command } from "commander";
import { collect } from "../command.ts";

/** Gives a command the options that narrow runs down. */
export function withRunFilter(command: Command): Command {
  return command
    .option("--state <state>", "only runs in this state; may be repeated", collect)
    .option("--flow <name>", "only runs of this flow")
    .option("--project <name>", "only runs of this project")
    .option("--label <label>", "only runs with this label; may be repeated", collect)
    .option("--name <text>", "only runs with this in their name")
    .option("--created-after <time>", "only runs that were created then, or later")
    .option("--created-before <time>", "only runs that were created before")
    .option("--started-after <time>", "only runs that began then, or later")
    .option("--started-before <time>", "only runs that began before")
    .option("--on-agent <name>", "only runs that this agent holds, or held last")
    .option("--parent <id>", "only runs that this run started")
    .option("--schedule <name>", "only runs that this schedule made");
}
