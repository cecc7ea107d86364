import type { Command } from "commander";
import { describe, type Lazily } from "../command.ts";

/** Commands about public keys, exported and imported. */
export function addTrust(program: Command, lazily: Lazily): void {
  const trust = program
    .command("trust")
    .description("Hand on whose keys are sealed to and whose signatures count. No key that came from the cloud is.");
  describe(trust.command("export"), {
    summary: "write the trust file: public halves of the keys, and the trusted signers",
    details:
      "From the policy file and the inside key. Hand the file to whoever starts runs, on a way that is not the cloud; each imports it once.",
    examples: ["weir trust export", "weir trust export --inside inside.pub.json --out weir.trust.json"],
    exits: ["ok", "usage", "conflict"],
    json: "{ file, trust }",
  })
    .option("--inside <file>", "public half of the inside key; without it, that of WEIR_AGENT_SEAL_KEY_FILE")
    .option("--out <file>", "where to write it", "weir.trust.json")
    .option("--replace", "write over a file that names other keys")
    .action(lazily(async () => (await import("./export.ts")).exportTrust));
  describe(trust.command("import"), {
    summary: "check a trust file, and keep it where the command line finds it",
    details:
      "In the file of WEIR_TRUST_FILE, else in the weir.trust.json that holds here, else in this folder. Where other keys are kept already, it tells the difference and changes nothing without --replace: ask whoever sent it for the fingerprints.",
    examples: ["weir trust import /mnt/usb/weir.trust.json", "weir trust import new.json --replace"],
    exits: ["ok", "usage", "conflict"],
    json: "{ file, inside, recipients, signers, changes }",
  })
    .argument("<file>", "the trust file")
    .option("--replace", "take it although it names other keys than the one that is kept")
    .action(lazily(async () => (await import("./import.ts")).importTrust));
}
