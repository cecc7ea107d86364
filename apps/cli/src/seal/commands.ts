import { type Command, Option } from "commander";
import { describe, type Lazily } from "../command.ts";

/** Commands about keys for sealing. */
export function addSeal(program: Command, lazily: Lazily): void {
  const seal = program
    .command("seal")
    .description("Make keys that seal what the cloud must not read, and see who can open it.");
  describe(seal.command("keygen"), {
    summary: "make a key pair for opening what is sealed",
    details:
      "The private key is written to a file that only you may read; the public half is printed, and written beside it. A reader's public half goes into the policy file; the inside key is the one that all agents share.",
    examples: [
      "weir seal keygen --name ada --passphrase-file passphrase.txt",
      "weir seal keygen --inside --out inside.json",
      "weir seal keygen --inside --with-old inside.json --out inside-2027.json",
    ],
    exits: ["ok", "usage"],
    json: "{ file, publicFile, name, kid, jwk, kids }",
  })
    .option("--inside", "the key that all agents share, instead of a reader's")
    .addOption(new Option("--curve <curve>", "curve of the key").choices(["x25519", "p-256"]).default("x25519"))
    .option("--out <file>", "file of the private key; one that is there is never overwritten")
    .option("--name <name>", "whose key it is, for the policy file; your user name when left out")
    .option("--passphrase-file <file>", "protect the private key with the passphrase in this file")
    .option(
      "--with-old <file>",
      "rotation: put the keys of this file behind the new one, so that old runs stay readable",
    )
    .action(lazily(async () => (await import("./keygen.ts")).keygen));
  describe(seal.command("recipients").argument("[list]", "the one thing it does"), {
    summary: "list who can open what is sealed here, and which of the keys is yours",
    details:
      "By the nearest weir.boundary.yaml (or the file of WEIR_BOUNDARY_FILE) and the inside key of weir.trust.json or WEIR_AGENT_SEAL_KEY_FILE.",
    examples: ["weir seal recipients"],
    exits: ["ok", "usage"],
    json: "{ policy, classes, recipients: [{ name, kid, curve, mine }], mine: [kid, ...] }",
  }).action(lazily(async () => (await import("./recipients.ts")).recipients));
}
