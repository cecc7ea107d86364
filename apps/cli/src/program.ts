import { Argument, Command, Option } from "commander";
import { addAudit } from "./audit/commands.ts";
import { addBoundary } from "./boundary/commands.ts";
import { collect, describe, exitsWith, type Lazily, wholeNumber } from "./command.ts";
import { addDashboard } from "./dashboard/commands.ts";
import { addErrors } from "./errors/commands.ts";
import type { ExitCode } from "./exit-codes.ts";
import { addFlowCommands } from "./flows/commands.ts";
import type { Io } from "./io.ts";
import { addKv } from "./kv/commands.ts";
import { addKeys } from "./keys/commands.ts";
import { addLedger } from "./ledger/commands.ts";
import { addLogin } from "./login/commands.ts";
import { addProve } from "./prove/commands.ts";
import { addQueue } from "./queue/commands.ts";
import { addResults } from "./results/commands.ts";
import { withRunFilter } from "./runs/filter-options.ts";
import { addSeal } from "./seal/commands.ts";
import { addSign, signHours, withSigning } from "./sign/commands.ts";
import { addTrust } from "./trust/commands.ts";

// The tree of commands. Nothing here loads what a command needs: `weir --help` answers before any of that is read.

/** Takes the work of the command that was chosen. */
type Choose = (work: (io: Io) => Promise<ExitCode>, json: boolean) => void;

const DIRECTORY = ["--directory <path>", "where everything is kept", ".weir"] as const;
const PROJECT = ["--project <name>", "project of the flow", "default"] as const;
const port = () =>
  new Option("--port <number>", "port of the cloud; the next free one when it is taken").argParser(
    wholeNumber(0, 65_535),
  );

/** Builds the whole tree. `choose` is called once, by the command that was typed. */
export function buildProgram(version: string, choose: Choose): Command {
  const lazily: Lazily =
    (load) =>
    (...given) => {
      const command = given.at(-1) as Command;
      const options = command.opts<never>();
      const { profile } = program.opts<{ profile?: string }>();
      const named = (io: Io) => (profile === undefined ? io : { ...io, env: { ...io.env, WEIR_PROFILE: profile } });
      choose(
        async (io) => (await load())(named(io), command.args, options),
        (options as { json?: boolean }).json === true,
      );
    };
  const program = new Command("weir")
    .description("Weir runs workflows: your code and data stay on your machines, the cloud sees states and times.")
    .version(version, "--version", "print the version")
    .helpOption("-h, --help", "tell how to use a command")
    .option("--profile <name>", "the cloud and key that `weir login` kept under this name")
    .addHelpText("after", `\n${GETTING_STARTED}`);
  addBeginning(program, lazily);
  addLogin(program, lazily);
  addFlows(program, lazily);
  addFlowCommands(program, lazily);
  addRuns(program.command("runs").description("Look at runs, follow them, stop them, start them again."), lazily);
  const limits = program.command("limits").description("Say how many tasks with a tag may run at once.");
  addLimits(limits, lazily);
  addQueue(program, lazily);
  addKeys(program, lazily);
  addKv(program, lazily);
  for (const add of BOUNDARY) add(program, lazily);
  addAudit(program, lazily);
  addDashboard(program, lazily);
  addServices(program, lazily);
  return program;
}

/** What may leave, and how that is shown. */
const BOUNDARY = [addBoundary, addSeal, addSign, addTrust, addLedger, addErrors, addResults, addProve] as const;

const GETTING_STARTED = `Where the cloud is: --profile (or WEIR_PROFILE); WEIR_API_URL with WEIR_API_KEY_FILE (or
WEIR_API_KEY); without them, the nearest .weir/keys.json from this folder upward, which \`weir dev\`
writes; then what \`weir login\` kept.

Begin here:
  $ weir demo --once
  $ weir dev`;

function addBeginning(program: Command, lazily: Lazily): void {
  describe(program.command("demo"), {
    summary: "start everything, run the example flow, and show all of it",
    details:
      "Starts Postgres, a cloud and an agent, registers examples/flights, runs it, shows its timeline, where its results lie, and everything that the cloud knows about the run. Stays until Ctrl-C, unless --once.",
    examples: ["weir demo", "weir demo --once --top 20 --min-delay 30"],
    exits: ["ok", "failed", "usage", "interrupted"],
    json: "{ flowRun, taskRuns, logs, results, reports, holdings, urls }",
  })
    .option("--once", "end when the run has ended: 0 when it succeeded, 1 otherwise")
    .addOption(
      new Option("--top <number>", "parameter of the flow: how many airports")
        .argParser(wholeNumber(1, 200))
        .default(50),
    )
    .addOption(
      new Option("--min-delay <minutes>", "parameter of the flow: what counts as late")
        .argParser(wholeNumber(0, 1_440))
        .default(15),
    )
    .option(...DIRECTORY)
    .addOption(port().default(4680))
    .action(lazily(async () => (await import("./demo/demo.ts")).demo));
  describe(program.command("dev"), {
    summary: "start Postgres, a cloud and an agent on this machine",
    details: "Stays until Ctrl-C. What ran is there again the next time; delete the directory to begin anew.",
    examples: ["weir dev", "weir dev --port 5000 --directory /tmp/weir"],
    exits: ["ok", "failed", "usage"],
    json: "{ dashboard, cloud, graphql, keys, logs } once all is up",
  })
    .option(...DIRECTORY)
    .addOption(port().default(4680))
    .action(lazily(async () => (await import("./dev/dev.ts")).dev));
}

function addFlows(program: Command, lazily: Lazily): void {
  const register = describe(program.command("register"), {
    summary: "register the flows of a file",
    details:
      "The same content is the same version; a changed one becomes the next. Code is never sent: only names, parameter schema, path and digests.",
    examples: [
      "weir register flows/report.flow.ts --project analytics --create-project",
      "WEIR_SIGN_KEY_FILE=sign.json weir register flows/report.flow.ts --sign",
    ],
    exits: exitsWith("notFound", "conflict"),
    json: "{ project, flows: [{ flow, project, version, created, id }], signedBy }",
  })
    .argument("<file>", "file that exports flows")
    .option(...PROJECT)
    .option("--create-project", "make the project where there is none")
    .option(
      "--store <directory>",
      "put the code there, by its digest, for agents to fetch; they must see the same path",
    )
    .action(lazily(async () => (await import("./flows/register.ts")).register));
  withSigning(register);
  const run = describe(program.command("run"), {
    summary: "start a run of a flow, and follow it",
    details: "Given a file, registers it first. VALUE is read as JSON where it is JSON, as text otherwise.",
    examples: [
      "weir run flows/report.flow.ts -p day=2026-01-31 -p top=50",
      "weir run report --project analytics --no-watch",
      "weir run flows/report.flow.ts --local",
    ],
    exits: exitsWith("failed", "notFound", "conflict"),
    json: "{ flowRun, taskRuns, logs } when it has ended; with --no-watch { flowRun }; with --local { state, value, failure, taskRuns }",
  })
    .argument("<file|flow>", "file that exports the flow, or name of a registered flow")
    .option("-p, --param <name=value>", "parameter; may be repeated", collect)
    .option("--parameters <file.json>", "file with parameters as a JSON object; - is stdin")
    .option(...PROJECT)
    .option("--flow <name>", "which flow of the file, where it holds several")
    .option("--name <name>", "name of the run; made up when left out")
    .option("--label <label>", "only an agent with this label may take it; may be repeated", collect)
    .option("--idempotency-key <key>", "the same key again answers the same run")
    .option(
      "--boundary <class=action>",
      "ask the gate for more than the policy does: log=drop; may be repeated",
      collect,
    )
    .option("--no-watch", "do not follow the run")
    .option("--local", "run in memory, without a cloud")
    .action(lazily(async () => (await import("./runs/start.ts")).start));
  withSigning(run).addOption(signHours());
}

const runId = () => new Argument("<id>", "id of the run, as `weir runs list` shows it");

function addRuns(runs: Command, lazily: Lazily): void {
  describe(withRunFilter(runs.command("list")), {
    summary: "list runs, newest first",
    examples: ["weir runs list --state Failed --state Crashed --limit 5"],
    exits: exitsWith(),
    json: "{ flowRuns: [...] }",
  })
    .addOption(new Option("--limit <number>", "how many at most").argParser(wholeNumber(1, 10_000)).default(20))
    .action(lazily(async () => (await import("./runs/list.ts")).list));
  describe(runs.command("show"), {
    summary: "show a run: history, parameters, a bar per task",
    examples: ["weir runs show 0198c5d2-7f3a-7c11-9d56-3f1b1a2c4d5e"],
    exits: exitsWith("notFound"),
    json: "{ flowRun, taskRuns }",
  })
    .addArgument(runId())
    .action(lazily(async () => (await import("./runs/show.ts")).show));
  describe(runs.command("logs"), {
    summary: "print the log lines of a run",
    examples: ["weir runs logs 0198c5d2-7f3a-7c11-9d56-3f1b1a2c4d5e --follow"],
    exits: exitsWith("notFound"),
    json: "{ flowRunId, logs: [...] }",
  })
    .addArgument(runId())
    .option("--follow", "go on until the run is over")
    .action(lazily(async () => (await import("./runs/logs.ts")).logs));
  describe(runs.command("watch"), {
    summary: "follow a run to its end",
    examples: ["weir runs watch 0198c5d2-7f3a-7c11-9d56-3f1b1a2c4d5e"],
    exits: exitsWith("failed", "notFound"),
    json: "{ flowRun, taskRuns, logs } when it has ended",
  })
    .addArgument(runId())
    .action(lazily(async () => (await import("./runs/watch.ts")).watch));
  addChanges(runs, lazily);
}

function addChanges(runs: Command, lazily: Lazily): void {
  describe(withRunFilter(runs.command("cancel")), {
    summary: "stop a run, or all that the options find",
    details: "Of many it says first how many they are, and stops them with --yes.",
    examples: [
      "weir runs cancel 0198c5d2-7f3a-7c11-9d56-3f1b1a2c4d5e",
      "weir runs cancel --flow report --state Scheduled --yes",
    ],
    exits: exitsWith("notFound", "conflict"),
    json: "{ flowRun: { id, name, state, attempt } }, or of many { changed, refused, left }",
  })
    .addArgument(runId().argOptional())
    .option("--yes", "all that the options find are meant")
    .action(lazily(async () => (await import("./runs/cancel.ts")).cancel));
  describe(withRunFilter(runs.command("restart")), {
    summary: "run a finished run again, from where it failed, or all that the options find",
    details:
      "A new attempt of the same run: tasks that had succeeded keep their results. Of many it says first how many they are, and starts them with --yes.",
    examples: [
      "weir runs restart 0198c5d2-7f3a-7c11-9d56-3f1b1a2c4d5e",
      "weir runs restart --state Failed --created-after 2026-11-21 --yes",
    ],
    exits: exitsWith("notFound", "conflict"),
    json: "{ flowRun: { id, name, state, attempt } }, or of many { changed, refused, left }",
  })
    .addArgument(runId().argOptional())
    .option("--yes", "all that the options find are meant")
    .action(lazily(async () => (await import("./runs/restart.ts")).restart));
  addPauses(runs, lazily);
}

function addPauses(runs: Command, lazily: Lazily): void {
  describe(runs.command("pause"), {
    summary: "let a run begin no further task",
    details: "Tasks that run are finished. It waits until `weir runs resume`, also when its agent is stopped.",
    examples: ["weir runs pause 0198c5d2-7f3a-7c11-9d56-3f1b1a2c4d5e"],
    exits: exitsWith("notFound", "conflict"),
    json: "{ flowRun: { id, name, state, attempt } }",
  })
    .addArgument(runId())
    .action(lazily(async () => (await import("./runs/pause.ts")).pause));
  describe(runs.command("resume"), {
    summary: "let a paused run go on",
    examples: ["weir runs resume 0198c5d2-7f3a-7c11-9d56-3f1b1a2c4d5e"],
    exits: exitsWith("notFound", "conflict"),
    json: "{ flowRun: { id, name, state, attempt } }",
  })
    .addArgument(runId())
    .action(lazily(async () => (await import("./runs/resume.ts")).resume));
  describe(runs.command("approve"), {
    summary: "let a task that waits for a person go on",
    examples: ['weir runs approve 0198c5d2-7f3a-7c11-9d56-3f1b1a2c4d5e 3 --message "figures checked"'],
    exits: exitsWith("notFound", "conflict"),
    json: "{ flowRun: { id, name, state, attempt, pauseAsked } }",
  })
    .addArgument(runId())
    .addArgument(new Argument("<number>", "number of the task run").argParser(wholeNumber(1, 2_147_483_647)))
    .option("--message <text>", "for the history: who approved it, and why")
    .action(lazily(async () => (await import("./runs/approve.ts")).approve));
  addSetState(runs, lazily);
}

function addSetState(runs: Command, lazily: Lazily): void {
  describe(runs.command("set-state"), {
    summary: "end a run by hand",
    details: "At once, whatever its agent says: its attempt is over, and its process is stopped.",
    examples: ['weir runs set-state 0198c5d2-7f3a-7c11-9d56-3f1b1a2c4d5e Failed --reason "it hangs"'],
    exits: exitsWith("notFound", "conflict"),
    json: "{ flowRun: { id, name, state, attempt } }",
  })
    .addArgument(runId())
    .addArgument(new Argument("<state>", "what it is said to be").choices(["Success", "Failed", "Cancelled"]))
    .option("--reason <text>", "for the history: why")
    .action(lazily(async () => (await import("./runs/set-state.ts")).setState));
}

function addLimits(limits: Command, lazily: Lazily): void {
  describe(limits.command("list"), {
    summary: "list limits on tasks by tag and on runs by label, with who holds slots and who waits",
    examples: ["weir limits list"],
    exits: exitsWith(),
    json: "{ taskLimits: [...], runLimits: [...] }",
  }).action(lazily(async () => (await import("./limits/list.ts")).list));
  const tag = () => new Argument("<tag>", "tag of tasks, as in their option tags; with --runs a label of runs");
  const RUNS = ["--runs", "of runs with this label, not of tasks with this tag"] as const;
  describe(limits.command("set"), {
    summary: "say how many tasks with a tag may run at once",
    details: "Of all flows together, on all agents. Tasks that wait hear of it at once; those that run go on.",
    examples: ["weir limits set database 5", "weir limits set gpu 2 --runs"],
    exits: exitsWith(),
    json: "{ taskLimit: { tag, slots, held, waiting } }",
  })
    .addArgument(tag())
    .addArgument(new Argument("<slots>", "how many; 0 lets none begin").argParser(wholeNumber(0, 10_000)))
    .option(...RUNS)
    .action(lazily(async () => (await import("./limits/set.ts")).set));
  describe(limits.command("remove"), {
    summary: "let tasks with a tag run as they come",
    examples: ["weir limits remove database"],
    exits: exitsWith("notFound"),
    json: "{ tag }",
  })
    .addArgument(tag())
    .option(...RUNS)
    .action(lazily(async () => (await import("./limits/remove.ts")).remove));
}

function addServices(program: Command, lazily: Lazily): void {
  const server = program.command("server").description("Host the cloud.");
  describe(server.command("start"), {
    summary: "start the cloud",
    details:
      "With the database of WEIR_DATABASE_URL and the secret of WEIR_CLOUD_SECRET_FILE; without a database, with an embedded Postgres in the directory. Stays until Ctrl-C.",
    examples: [
      "weir server start --port 4680",
      "WEIR_DATABASE_URL=postgresql://weir@db/weir WEIR_CLOUD_SECRET_FILE=secret weir server start",
    ],
    exits: ["ok", "failed", "usage"],
    json: "{ url } once it listens",
  })
    .option(...DIRECTORY)
    .option("--host <address>", "address to listen on (default 127.0.0.1)")
    .addOption(port())
    .action(lazily(async () => (await import("./server/start.ts")).start));
  const agent = program.command("agent").description("Run flows on this machine.");
  describe(agent.command("start"), {
    summary: "start an agent",
    details:
      "Its key comes from WEIR_AGENT_KEY_FILE (or WEIR_AGENT_KEY), its cloud from WEIR_API_URL; without them both from the nearest .weir/keys.json. Stays until Ctrl-C; then runs in hand may end, and a second Ctrl-C gives them back at once.",
    examples: ["weir agent start", "WEIR_AGENT_KEY_FILE=agent-key weir agent start --label gpu --capacity 4"],
    exits: ["ok", "failed", "usage", "auth"],
    json: "{ agentId } once it has enrolled",
  })
    .option("--name <name>", "the same name is the same agent (default: this machine's name)")
    .option("--label <label>", "it takes runs that ask for this label; may be repeated", collect)
    .option("--project <name>", "it serves this project only; may be repeated", collect)
    .addOption(new Option("--capacity <number>", "runs at once (default 10)").argParser(wholeNumber(1, 10_000)))
    .option("--directory <path>", "journal, ledger and digest key (default .weir/agent)")
    .action(lazily(async () => (await import("./agent/start.ts")).start));
  addWorker(program, lazily);
  describe(program.command("migrate"), {
    summary: "bring the database of WEIR_DATABASE_URL up to date",
    details: "The cloud does this at its start too; several at once wait for each other.",
    examples: ["WEIR_DATABASE_URL=postgresql://weir@db/weir weir migrate"],
    exits: ["ok", "failed", "usage"],
    json: "{ migrated }",
  }).action(lazily(async () => (await import("./server/migrate.ts")).migrate));
}

function addWorker(program: Command, lazily: Lazily): void {
  describe(program.command("worker"), {
    summary: "run tasks of flows that use bullmq(…) on this machine",
    details:
      "Takes tasks from your own Redis and runs each in a thread; needs bullmq, ioredis and piscina beside the flow's code. A URL with a password comes from WEIR_REDIS_URL, WEIR_REDIS_URL_FILE or --redis-file, never from an argument. Stays until Ctrl-C; then tasks in hand may end, and what takes too long goes to other workers.",
    examples: [
      "weir worker --redis redis://cache:6379 --queue render --file flows/render.flow.ts",
      "WEIR_REDIS_URL_FILE=redis-url weir worker --file flows/render.flow.ts --concurrency 8",
    ],
    exits: ["ok", "failed", "usage"],
    json: "{ queue, tasks } once it takes tasks",
  })
    .option("--redis <url>", "where Redis is, without a password")
    .option("--redis-file <path>", "file that holds the URL of Redis")
    .option("--queue <name>", "queue of the flow's bullmq(…)", "weir")
    .addOption(
      new Option("--file <path>", "file that defines tasks; may be repeated").argParser(collect).makeOptionMandatory(),
    )
    .addOption(
      new Option("--concurrency <number>", "tasks at once (default: this machine's cores)").argParser(
        wholeNumber(1, 1_000),
      ),
    )
    .addOption(
      new Option("--stall-seconds <number>", "a worker that is silent for so long loses its tasks to others")
        .argParser(wholeNumber(1, 3_600))
        .default(10),
    )
    .addOption(
      new Option("--grace-seconds <number>", "how long tasks may go on after Ctrl-C")
        .argParser(wholeNumber(0, 86_400))
        .default(60),
    )
    .action(lazily(async () => (await import("./worker/start-worker.ts")).startWorker));
}
