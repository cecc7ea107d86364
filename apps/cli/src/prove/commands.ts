import type { Command } from "commander";
import { describe, type Lazily } from "../command.ts";

/** The command that proves what leaves. */
export function addProve(program: Command, lazily: Lazily): void {
  describe(program.command("prove"), {
    summary: "prove on this machine what leaves, and what does not",
    details:
      "Starts a cloud, and for each policy an agent behind a proxy that records every byte. Runs flows that succeed, fail, retry, queue, cache, crash and restart, with a different canary on every way on which a value could leave. Then searches everything that was sent and everything that the cloud holds, prints the table and writes a report.",
    examples: ["weir prove", "weir prove --report proof"],
    exits: ["ok", "failed", "usage", "interrupted"],
    json: "{ passed, at, seconds, searched, policies: [{ policy, channels: [{ channel, allowed, places }] }] }",
  })
    .option("--report <directory>", "where proof.md and proof.json are written", ".weir/proof")
    .option(
      "--database-url-file <file>",
      "file with the URL of a Postgres to prove with, instead of one of its own: it is written to, a fresh one is best",
    )
    .action(lazily(async () => (await import("./prove.ts")).prove));
}
