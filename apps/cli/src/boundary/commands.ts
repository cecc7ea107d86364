import type { Command } from "commander";
import { collect, describe, type Lazily } from "../command.ts";

/** Commands about what a policy file lets leave. */
export function addBoundary(program: Command, lazily: Lazily): void {
  const boundary = program.command("boundary").description("Say what may leave your side, and see what did.");
  describe(boundary.command("init"), {
    summary: "write a policy file with the defaults spelled out",
    details:
      "Writes weir.boundary.yaml into this folder. One that is there is never overwritten, unless --force. Agents and `weir` read the nearest one from their folder upward, or that of WEIR_BOUNDARY_FILE.",
    examples: ["weir boundary init", "weir boundary init --strict"],
    exits: ["ok", "usage", "conflict"],
    json: "{ path, schema, strict }",
  })
    .option("--strict", "nothing but metadata can be read by the cloud; needs an inside key (weir seal keygen)")
    .option("--force", "overwrite the file that is there")
    .action(lazily(async () => (await import("./init.ts")).init));
  describe(boundary.command("check"), {
    summary: "check the policy file, and show what it does to each class of a flow's data",
    details:
      "Says for each class what is done, and which line of the file, which override or which option of the flow says so; for a task where it differs. Nothing is sent.",
    examples: ["weir boundary check", "weir boundary check flows/report.flow.ts --project analytics"],
    exits: ["ok", "usage", "conflict"],
    json: "{ policy, flows: [{ flow, classes, tasks, contradictions }], classes, problems, notes }",
  })
    .argument("[file]", "file that exports flows")
    .option("--project <name>", "project that the flows are for", "default")
    .action(lazily(async () => (await import("./check.ts")).check));
  describe(boundary.command("explain"), {
    summary: "show what was done to the data of a run, by the agent's own ledger",
    details:
      "Where something was sealed, it asks the cloud for the wrapped keys and names whom they are for. `weir ledger diff` compares the ledger with what the cloud holds.",
    examples: ["weir boundary explain 0198c5d2-7f3a-7c11-9d56-3f1b1a2c4d5e"],
    exits: ["ok", "usage", "notFound"],
    json: "{ flowRunId, messages, bytes, classes: [{ class, deed, messages }], sealKeys, remarks }",
  })
    .argument("<run>", "id of the run, as `weir runs list` shows it")
    .option("--directory <path>", "directory of an agent (default .weir/agent); may be repeated", collect)
    .action(lazily(async () => (await import("./explain.ts")).explain));
}
