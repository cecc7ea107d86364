import type { Command } from "commander";
import { describe, exitsWith, type Lazily } from "../command.ts";

const RUN = "0198c5d2-7f3a-7c11-9d56-3f1b1a2c4d5e";

/** Commands about results in the user's own storage. */
export function addResults(program: Command, lazily: Lazily): void {
  const results = program.command("results").description("Read results where they lie: in your own storage.");
  describe(results.command("open"), {
    summary: "print the result of a task run, or write it to a file",
    details:
      "Asks the cloud where the result lies, opens the answer with your key where it is sealed, finds it in the agent's dictionary where it is a pseudonym, and reads it from your storage. Files, and objects in S3 and Google Cloud Storage, are read with what this machine may; a store that encrypts, has a dictionary of its own, or is another one, only by the flow's own file (--flow).",
    examples: [
      `weir results open ${RUN} 3`,
      `weir results open ${RUN} report --out report.json`,
      `weir results open ${RUN} report --flow flows/report.flow.ts`,
    ],
    exits: exitsWith("failed", "notFound"),
    json: "{ flowRunId, task, number, location, value }",
  })
    .argument("<run>", "id of the run, as `weir runs list` shows it")
    .argument("<task>", "number of the task run, or the name of its task where that ran once")
    .option("--out <file>", "write it there: bytes as they are, everything else as JSON")
    .option("--flow <file>", "file that exports the flow; its own store reads the result, in a process of its own")
    .option("--results <directory>", "results directory of the agent (default .weir/results)")
    .option("--directory <path>", "directory of the agent, where its dictionary and key are (default .weir/agent)")
    .action(lazily(async () => (await import("./open.ts")).open));
}
