import { type Command, Option } from "commander";
import { describe, type Lazily, wholeNumber } from "../command.ts";

/** Commands about keys for signing. */
export function addSign(program: Command, lazily: Lazily): void {
  const sign = program
    .command("sign")
    .description("Sign what agents are to run, so that nobody can make them run anything else.");
  describe(sign.command("keygen"), {
    summary: "make a key for signing",
    details:
      "Writes the private key to a file that only you may read, and prints the public half as the policy files of your agents take it. Keep the file out of the repository; name it in WEIR_SIGN_KEY_FILE.",
    examples: ["weir sign keygen --name ann", "weir sign keygen --name release-pipeline --out ~/keys/weir-sign.json"],
    exits: ["ok", "usage"],
    json: "{ file, name, kid, jwk }",
  })
    .option("--out <file>", "file of the private key; one that is there is never overwritten", "weir-sign-key.json")
    .option("--name <name>", "name for the policy file; your user name when left out")
    .action(lazily(async () => (await import("./keygen.ts")).keygen));
  describe(sign.command("signers"), {
    summary: "list whose signatures the policy file trusts, and whose no more",
    details: "Of the nearest weir.boundary.yaml, or the file of WEIR_BOUNDARY_FILE. Says which key is yours.",
    examples: ["weir sign signers"],
    exits: ["ok", "usage"],
    json: "{ policy, signers: [{ name, kid, revoked, mine }], revoked: [...], mine }",
  })
    .option("--sign-key <file>", "your private key, instead of WEIR_SIGN_KEY_FILE")
    .action(lazily(async () => (await import("./signers.ts")).signers));
}

/** What `weir register` and `weir run` take of it. */
export interface SignOptions {
  readonly sign?: boolean;
  readonly signKey?: string;
  readonly signHours?: number;
}

/** Adds the options for signing to a command that registers. */
export function withSigning(command: Command): Command {
  return command
    .option("--sign", "sign it with the key of WEIR_SIGN_KEY_FILE")
    .option("--sign-key <file>", "sign it with the key of this file");
}

/** How long signed parameters hold. */
export const signHours = (): Option =>
  new Option("--sign-hours <number>", "no attempt begins with these parameters after so many hours").argParser(
    wholeNumber(1, 87_600),
  );
