import { Argument, type Command, InvalidArgumentError, Option } from "commander";
import { collect, describe, exitsWith, type Lazily, wholeNumber } from "../command.ts";

const PROJECT = ["--project <name>", "project of the flow", "default"] as const;
const flow = () => new Argument("<flow>", "name of the flow");
const number = (name: string, about: string) => new Argument(name, about).argParser(wholeNumber(1, 2_147_483_647));

/** Commands about flows that are registered. */
export function addFlowCommands(program: Command, lazily: Lazily): void {
  const flows = program
    .command("flows")
    .description("Look at flows, their versions and settings; archive, move and delete them.");
  addLooks(flows, lazily);
  addVersionChanges(flows, lazily);
  addSettings(flows, lazily);
  describe(flows.command("move"), {
    summary: "put a flow into another project",
    details:
      "Its versions and runs go along. A signature says the project: a signed flow is to be registered anew there.",
    examples: ["weir flows move report analytics --project default"],
    exits: exitsWith("notFound", "conflict"),
    json: "{ flow: { name, project, currentVersion } }",
  })
    .addArgument(flow())
    .argument("<project>", "project that it goes to")
    .option(...PROJECT)
    .action(lazily(async () => (await import("./move.ts")).move));
  describe(flows.command("delete"), {
    summary: "delete a flow with all of its history",
    details:
      "Versions, settings, schedules, runs, logs and artifacts are gone. Refused while a run of it is not finished.",
    examples: ["weir flows delete report --yes"],
    exits: exitsWith("notFound", "conflict"),
    json: "{ flow, runs }",
  })
    .addArgument(flow())
    .option(...PROJECT)
    .option("--yes", "it is meant: this cannot be undone")
    .action(lazily(async () => (await import("./delete.ts")).remove));
}

function addLooks(flows: Command, lazily: Lazily): void {
  describe(flows.command("list"), {
    summary: "list flows, newest first",
    examples: ["weir flows list"],
    exits: exitsWith(),
    json: "{ flows: [...] }",
  }).action(lazily(async () => (await import("./list.ts")).list));
  describe(flows.command("show"), {
    summary: "show a flow: its version, settings and schedules",
    examples: ["weir flows show report --project analytics"],
    exits: exitsWith("notFound"),
    json: "{ flow }",
  })
    .addArgument(flow())
    .option(...PROJECT)
    .action(lazily(async () => (await import("./show.ts")).show));
  describe(flows.command("versions"), {
    summary: "list the versions of a flow, newest first",
    examples: ["weir flows versions report"],
    exits: exitsWith("notFound"),
    json: "{ versions: [...] }",
  })
    .addArgument(flow())
    .option(...PROJECT)
    .action(lazily(async () => (await import("./versions.ts")).versions));
  describe(flows.command("diff"), {
    summary: "tell what is different in a version, seen from another",
    examples: ["weir flows diff report 3", "weir flows diff report 3 5"],
    exits: exitsWith("notFound"),
    json: "{ diff: { fromNumber, toNumber, changes, parameterChanges } }",
  })
    .addArgument(flow())
    .addArgument(number("<from>", "number of a version"))
    .addArgument(number("[to]", "number of another (default: the newest)"))
    .option(...PROJECT)
    .action(lazily(async () => (await import("./diff.ts")).diff));
}

function addVersionChanges(flows: Command, lazily: Lazily): void {
  describe(flows.command("archive"), {
    summary: "let a version run no more",
    details:
      "The newest that is not archived runs next, with its schedules. Runs that were created before keep theirs.",
    examples: ["weir flows archive report 5", "weir flows unarchive report 4 && weir flows archive report 5"],
    exits: exitsWith("notFound"),
    json: "{ flowVersion: { number, archivedAt, flow: { currentVersion } } }",
  })
    .addArgument(flow())
    .addArgument(number("<number>", "number of the version"))
    .option(...PROJECT)
    .action(lazily(async () => (await import("./archive.ts")).archive));
  describe(flows.command("unarchive"), {
    summary: "bring a version back",
    details: "It runs next when no newer one is left: archive those after that.",
    examples: ["weir flows unarchive report 4"],
    exits: exitsWith("notFound"),
    json: "{ flowVersion: { number, archivedAt, flow: { currentVersion } } }",
  })
    .addArgument(flow())
    .addArgument(number("<number>", "number of the version"))
    .option(...PROJECT)
    .action(lazily(async () => (await import("./archive.ts")).unarchive));
}

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value <= 3_600) return value;
  throw new InvalidArgumentError("It takes seconds from 0 to 3600.");
}

function addSettings(flows: Command, lazily: Lazily): void {
  describe(flows.command("set"), {
    summary: "change settings of a flow, which survive its versions",
    details:
      "What is not named stays. Default parameters go to the cloud in plain, so a policy that seals or drops parameters refuses them, and so does a signed flow.",
    examples: [
      'weir flows set report --description "figures of the day" --max-recoveries 2',
      "weir flows set report -p top=50 --label gpu",
      "weir flows set report --reset label --reset param",
    ],
    exits: exitsWith("notFound", "conflict"),
    json: "{ settings }",
  })
    .addArgument(flow())
    .option(...PROJECT)
    .option("--description <text>", "what it is for")
    .option("-p, --param <name=value>", "default parameter; replaces all that were set; may be repeated", collect)
    .option("--label <label>", "what an agent must have to claim its runs; replaces all; may be repeated", collect)
    .addOption(
      new Option("--max-recoveries <number>", "how often a run is taken over from a silent agent").argParser(
        wholeNumber(0, 100),
      ),
    )
    .addOption(new Option("--recovery-backoff <seconds>", "wait before the first takeover").argParser(seconds))
    .addOption(
      new Option("--reset <setting>", "give a setting back to the version, or to the cloud; may be repeated").argParser(
        resets,
      ),
    )
    .action(lazily(async () => (await import("./set.ts")).set));
}

const RESETTABLE = ["description", "param", "label", "max-recoveries", "recovery-backoff"];

function resets(text: string, before: readonly string[] = []): string[] {
  if (RESETTABLE.includes(text)) return [...before, text];
  throw new InvalidArgumentError(`It takes one of: ${RESETTABLE.join(", ")}.`);
}
