import { type Command, Option } from "commander";
import { collect, describe, exitsWith, type Lazily, wholeNumber } from "../command.ts";

const MOST_OVERLAP_MINUTES = 30 * 24 * 60;

/** Commands about the keys that open the cloud. */
export function addKeys(program: Command, lazily: Lazily): void {
  const keys = program.command("keys").description("Make, list, rotate and revoke the keys that open the cloud.");
  addCreate(keys, lazily);
  describe(keys.command("list"), {
    summary: "list keys, newest first; never the keys themselves",
    examples: ["weir keys list"],
    exits: exitsWith(),
    json: "{ apiKeys: [...] }",
  }).action(lazily(async () => (await import("./list.ts")).list));
  describe(keys.command("revoke"), {
    summary: "end a key at once",
    examples: ["weir keys revoke 0198c5d2-7f3a-7c11-9d56-3f1b1a2c4d5e"],
    exits: exitsWith("notFound"),
    json: "{ apiKey: { id, name, scope, revokedAt } }",
  })
    .argument("<id>", "id of the key, as `weir keys list` shows it")
    .action(lazily(async () => (await import("./revoke.ts")).revoke));
  describe(keys.command("rotate"), {
    summary: "make a key that takes the place of another; it is shown this once",
    details:
      "The new key does what the old one does, for as long. The old one stays good for the overlap, so that whoever uses it can change over. The key alone goes to stdout.",
    examples: ["weir keys rotate 0198c5d2-7f3a-7c11-9d56-3f1b1a2c4d5e --overlap-minutes 1440 > ci-key"],
    exits: exitsWith("notFound", "conflict"),
    json: "{ apiKey, key }",
  })
    .argument("<id>", "id of the key, as `weir keys list` shows it")
    .addOption(
      new Option("--overlap-minutes <number>", "how long the old key stays good; 0 ends it now")
        .argParser(wholeNumber(0, MOST_OVERLAP_MINUTES))
        .default(60),
    )
    .action(lazily(async () => (await import("./rotate.ts")).rotate));
}

function addCreate(keys: Command, lazily: Lazily): void {
  describe(keys.command("create"), {
    summary: "make a key; it is shown this once",
    details:
      "The key alone goes to stdout, so that it can be put into a file. It holds no more than whoever makes it: that, when neither role nor permissions are named.",
    examples: [
      "(umask 077; weir keys create build-agents --scope agent > agent-key)",
      "weir keys create ci --permission flow:register --permission flow:read > ci-key",
      "weir keys create nightly --role operator --service-account timer --from 10.0.0.0/8 > key",
    ],
    exits: exitsWith("notFound"),
    json: "{ apiKey, key }",
  })
    .argument("<name>", "what it is for")
    .addOption(
      new Option("--scope <scope>", "user opens GraphQL, agent the run door")
        .choices(["user", "agent"])
        .default("user"),
    )
    .addOption(new Option("--role <name>", "what it may do: what this role allows, also when that changes"))
    .addOption(
      new Option("--permission <permission>", "what it may do, instead of a role; may be repeated")
        .argParser(collect)
        .conflicts("role"),
    )
    .addOption(
      new Option("--from <network>", "address or CIDR block from which alone it works; may be repeated").argParser(
        collect,
      ),
    )
    .option("--service-account <name>", "the program that owns it; made where there is none of this name")
    .addOption(
      new Option("--expires-in-days <number>", "without it, the key never ends").argParser(wholeNumber(1, 3_650)),
    )
    .action(lazily(async () => (await import("./create.ts")).create));
}
