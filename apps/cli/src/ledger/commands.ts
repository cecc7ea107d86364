import type { Command } from "commander";
import { collect, describe, exitsWith, type Lazily } from "../command.ts";

const RUN = "0198c5d2-7f3a-7c11-9d56-3f1b1a2c4d5e";
const DIRECTORY = ["--directory <path>", "directory of the agent (default .weir/agent)"] as const;
const SINCE = [
  "--since <time>",
  "only what was sent from then on: 2026-01-31, 2026-01-31T09:00Z, or 30m, 12h, 7d ago",
] as const;

/** Commands about the record of what left. */
export function addLedger(program: Command, lazily: Lazily): void {
  const ledger = program
    .command("ledger")
    .description("Look at the agent's own record of all that it sent, and check it.");
  addReading(ledger, lazily);
  describe(ledger.command("verify"), {
    summary: "check that nothing was changed, removed or cut off",
    details:
      "Reads the whole ledger, also while the agent runs. Prints its head, NUMBER:HASH. Note that elsewhere and give it to --expect later: who has this machine's disk and the agent's key could write another ledger that looks whole, or put an old one back.",
    examples: ["weir ledger verify", "weir ledger verify --expect 8120:5f0c…"],
    exits: ["ok", "failed", "usage"],
    json: "{ entries, segments, head: { number, hash }, problem, remarks }",
  })
    .option(...DIRECTORY)
    .option("--expect <number:hash>", "head that was noted elsewhere")
    .action(lazily(async () => (await import("./verify.ts")).verify));
  describe(ledger.command("diff"), {
    summary: "compare what was sent about a run with what the cloud holds of it",
    details:
      "Every event has a number: the cloud must hold none that no agent sent, and have no holes. Where several agents had the run, name the directory of each.",
    examples: [`weir ledger diff ${RUN}`, `weir ledger diff ${RUN} --directory agent-1 --directory agent-2`],
    exits: exitsWith("failed", "notFound"),
    json: "{ flowRunId, differences, remarks, attempts: [{ attempt, sent, held, kinds }] }",
  })
    .argument("<run>", "id of the run, as `weir runs list` shows it")
    .option("--directory <path>", "directory of an agent (default .weir/agent); may be repeated", collect)
    .action(lazily(async () => (await import("./diff.ts")).diff));
}

function addReading(ledger: Command, lazily: Lazily): void {
  describe(ledger.command("show"), {
    summary: "print what was sent: when, about which run, how much, what was done to it",
    details: "The content is not in the ledger: only its SHA-256, which --json shows.",
    examples: ["weir ledger show --since 1h", `weir ledger show --run ${RUN}`],
    exits: ["ok", "usage", "notFound", "interrupted"],
    json: "{ entries: [...] }",
  })
    .option("--run <id>", "only what was sent about this run")
    .option(...SINCE)
    .option("--follow", "go on with what is sent from now on, until Ctrl-C")
    .option(...DIRECTORY)
    .action(lazily(async () => (await import("./show.ts")).show));
  describe(ledger.command("summary"), {
    summary: "count what was sent: by class and what was done to it, by message, by run",
    examples: ["weir ledger summary", "weir ledger summary --since 7d"],
    exits: ["ok", "usage", "notFound"],
    json: "{ messages, bytes, classes: [...], kinds: [...], runs: [...] }",
  })
    .option("--run <id>", "only what was sent about this run")
    .option(...SINCE)
    .option(...DIRECTORY)
    .action(lazily(async () => (await import("./summary.ts")).summary));
}
