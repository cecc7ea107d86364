import { type Command, Option } from "commander";
import { describe, type Lazily } from "../command.ts";

/** The command that proves what leaves. */
export function addProve(program: Command, lazily: Lazily): void {
  describe(program.command("prove"), {
    summary: "prove on this machine what leaves, and what does not",
    details:
      "Starts a cloud, and for each policy an agent behind a proxy that records every byte. Runs flows that succeed, fail, retry, queue, cache, map, crash, are cancelled and restarted, with a different canary on every way on which a value could leave. Then searches everything that was sent and everything that the cloud holds, prints the table and writes a report.",
    examples: [
      "weir prove",
      "weir prove --only sealed --report proof",
      "weir prove --policy weir.boundary.yaml",
      "weir prove --database-url-env DATABASE_URL",
    ],
    exits: ["ok", "failed", "usage", "interrupted"],
    json: "{ passed, at, seconds, searched, policies: [{ policy, parts, problem, ledger, happened, channels: [{ channel, title, actions, places }] }] }",
  })
    .addOption(
      new Option("--only <policy>", "one of the policies, instead of all three").choices([
        "default",
        "strict",
        "sealed",
      ]),
    )
    .option("--policy <file>", "your own policy file, instead of the three; keys as the agent's environment names them")
    .option("--report <directory>", "where proof.md and proof.json are written", ".weir/proof")
    .option("--keep", "remove nothing of what was written meanwhile, and say where it is")
    .option(
      "--database-url-file <file>",
      "file with the URL of a Postgres, instead of one of the proof's own: it is WRITTEN TO, a fresh one is best",
    )
    .addOption(
      new Option("--database-url-env <variable>", "the same, from an environment variable").conflicts(
        "databaseUrlFile",
      ),
    )
    .action(lazily(async () => (await import("./prove.ts")).prove));
}
