import { type Command, Option } from "commander";
import { describe, exitsWith, type Lazily, wholeNumber } from "../command.ts";

const ACTOR = ["--actor <id>", "only what this user, service account or key did"] as const;
const ACTION = ["--action <name>", "only this operation, such as createApiKey"] as const;
const SINCE = ["--since <time>", "only from then on: 2026-01-31, 2026-01-31T09:00Z, or 30m, 12h, 7d ago"] as const;

/** Commands about the cloud's record of who did what. */
export function addAudit(program: Command, lazily: Lazily): void {
  const audit = program.command("audit").description("Look at the cloud's record of who did what, and check it.");
  describe(audit.command("list"), {
    summary: "list who did what, newest first, and what was refused",
    examples: ["weir audit list", "weir audit list --action createApiKey --since 7d"],
    exits: exitsWith(),
    json: "{ entries: [...] }",
  })
    .option(...ACTOR)
    .option(...ACTION)
    .option(...SINCE)
    .addOption(new Option("--limit <number>", "entries at most").argParser(wholeNumber(1, 1_000_000)).default(50))
    .action(lazily(async () => (await import("./list.ts")).list));
  describe(audit.command("export"), {
    summary: "print the whole log, oldest first, one JSON document a line",
    details: "Each line holds the hash of the one before: `weir audit verify --file` checks such a file by itself.",
    examples: ["weir audit export > audit.ndjson"],
    exits: exitsWith(),
    json: "{ entries: [...] }",
  }).action(lazily(async () => (await import("./export.ts")).exportLog));
  describe(audit.command("verify"), {
    summary: "check that no entry was changed, removed, moved or cut off",
    details:
      "Computes the chain of hashes anew and names the first entry that does not fit. Prints its head, NUMBER:HASH. Note that elsewhere and give it to --expect later: who runs the cloud could write another log that looks whole.",
    examples: ["weir audit verify", "weir audit verify --expect 8120:5f0c…", "weir audit verify --file audit.ndjson"],
    exits: exitsWith("failed"),
    json: "{ entries, head: { sequence, hash }, problem }",
  })
    .option("--expect <number:hash>", "head that was noted elsewhere")
    .option("--file <path>", "check what `weir audit export` printed instead of the cloud")
    .action(lazily(async () => (await import("./verify.ts")).verify));
}
