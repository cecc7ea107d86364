import { Argument, type Command, Option } from "commander";
import { describe, exitsWith, type Lazily, wholeNumber } from "../command.ts";

const key = () => new Argument("<key>", "name of the entry");
const expected = () =>
  new Option("--expected-version <number>", "only where it has this version; 0: only where there is none").argParser(
    wholeNumber(0, 2_147_483_647),
  );

/** Commands about the key-value store. */
export function addKv(program: Command, lazily: Lazily): void {
  const kv = program
    .command("kv")
    .description("Keep small values beside your flows; sealed where your policy seals parameters.");
  describe(kv.command("get"), {
    summary: "print the value of a key, as JSON",
    details: "What is sealed is opened with WEIR_SEAL_KEY_FILE.",
    examples: ["weir kv get orders/cursor"],
    exits: exitsWith("notFound"),
    json: "{ entry: { key, value, version, updatedAt, updatedBy } }",
  })
    .addArgument(key())
    .action(lazily(async () => (await import("./get.ts")).get));
  describe(kv.command("set"), {
    summary: "write a value",
    details:
      "VALUE is read as JSON where it is JSON, as text otherwise. With a version, nobody's write in between is lost: exit code 6 says that somebody was faster.",
    examples: [
      "weir kv set orders/cursor 1742",
      "weir kv set orders/cursor 1743 --expected-version 1",
      "weir kv set settings --file settings.json",
    ],
    exits: exitsWith("conflict"),
    json: "{ key, version }",
  })
    .addArgument(key())
    .argument("[value]", "the value; --file takes larger ones")
    .option("--file <path>", "file with the value; - is stdin")
    .addOption(expected())
    .action(lazily(async () => (await import("./set.ts")).set));
  describe(kv.command("list"), {
    summary: "list keys with their values",
    examples: ["weir kv list --prefix orders/"],
    exits: exitsWith(),
    json: "{ entries: [...] }",
  })
    .option("--prefix <text>", "only keys that begin with this")
    .action(lazily(async () => (await import("./list.ts")).list));
  describe(kv.command("delete"), {
    summary: "delete a key",
    examples: ["weir kv delete orders/cursor"],
    exits: exitsWith("notFound", "conflict"),
    json: "{ key }",
  })
    .addArgument(key())
    .addOption(expected())
    .action(lazily(async () => (await import("./delete.ts")).remove));
}
