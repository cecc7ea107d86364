import type { DataClass } from "@weir/protocol";
import type { Part } from "./parts.ts";

/** How a policy may hide something of a class that it lets leave. */
export type Hiding = "pattern" | "level" | "flow";

/** One way on which a value could leave, with a canary of its own. */
export interface Channel {
  /** Name of its canary in the file that the scenario's flows read. */
  readonly id: string;
  /** For people; 32 characters at most, so that three policies fit on 80 columns. */
  readonly title: string;
  /** Classes of data that carry it across. None: nothing may, whatever the policy says. */
  readonly classes: readonly DataClass[];
  /** It is a secret: only a class that is sent as it is may show it. */
  readonly secret?: true;
  /** The flow itself asks that this class be dropped. */
  readonly dropped?: true;
  /** A policy that says more than classes may hide it. */
  readonly hidden?: Hiding;
  /** No question of the API shows it, so that it need not be found in an answer. */
  readonly unasked?: true;
  /** The cloud gives it to the user's side: its answers hold it, and nothing else may. */
  readonly given?: true;
  /** What of the scenario plants it. */
  readonly part: Part;
}

const never = (part: Part, id: string, title: string): Channel => ({ id, title, classes: [], part });
const as = (dataClass: DataClass | readonly DataClass[], part: Part, id: string, title: string): Channel => ({
  id,
  title,
  classes: [dataClass].flat(),
  part,
});
const secret = (dataClass: DataClass, part: Part, id: string, title: string): Channel => ({
  id,
  title,
  classes: [dataClass],
  secret: true,
  part,
});

/** What no policy lets leave. */
const NEVER: readonly Channel[] = [
  never("work", "input", "argument of a task"),
  never("work", "output", "value of a task"),
  never("work", "mappedInput", "argument of a mapped task"),
  never("work", "mappedOutput", "value of a mapped task"),
  never("work", "cachedInput", "argument of a cached task"),
  never("work", "cachedDigest", "plain digest of that argument"),
  never("work", "cacheKey", "cache key"),
  never("work", "retriedInput", "argument of a task that retries"),
  never("work", "queuedInput", "argument of a task that queues"),
  never("cancelled", "cancelledInput", "argument of a task, cancelled"),
  never("work", "loopValue", "value of a loop's turn"),
  never("work", "subflowParameter", "parameter of a subflow"),
  never("fails", "local", "local variable where it throws"),
  never("fails", "errorProperty", "property of an error"),
  never("work", "fileName", "name of a file that is read"),
  never("work", "fileContent", "content of that file"),
  never("work", "flowVariable", "environment of the flow"),
  never("work", "agentVariable", "environment of the agent"),
  never("work", "source", "source code"),
  never("work", "accessKeys", "keys of agent, user and cloud"),
  { ...never("work", "tokens", "tokens that the cloud gave"), given: true },
];

/** Texts that are struck out of what may leave. */
const SECRETS: readonly Channel[] = [
  secret("log", "work", "secretLog", "secret in run.log, all encodings"),
  secret("log", "work", "secretStdout", "secret on stdout, all encodings"),
  secret("log", "work", "secretChunks", "secret in two pieces on stdout"),
  secret("log", "work", "secretLines", "secret of several lines"),
  secret("log", "work", "secretFolded", "secret folded over two lines"),
  secret("log", "work", "secretCut", "secret where a long line is cut"),
  secret("exception", "fails", "secretMessage", "secret in a message, all of them"),
  secret("exception", "fails", "secretCause", "secret in a cause"),
  secret("exception", "fails", "secretAggregate", "secret in an aggregate error"),
  secret("artifact", "work", "secretArtifact", "secret in artifacts, all of them"),
  secret("run-name", "work", "secretRunName", "secret in a task run's name"),
  secret("log", "work", "secretVariable", "secret variable (*_TOKEN)"),
  secret("log", "work", "secretUrl", "password in a URL of a variable"),
  secret("log", "work", "secretToken", "well-known formats of tokens"),
];

/** What leaves as far as the policy lets it. */
const CLASSED: readonly Channel[] = [
  as("parameter", "work", "parameter", "parameter of the run"),
  as("parameter", "work", "parameterDefault", "default of a parameter"),
  { ...as("parameter", "work", "scheduleParameter", "parameter of a schedule"), unasked: true },
  as("parameter", "work", "childParameter", "parameter of a child run"),
  as("parameter", "work", "kvValue", "value of the key-value store"),
  as("log", "work", "logLine", "run.log"),
  as("log", "work", "consoleLine", "console.log"),
  as("log", "work", "stderrLine", "console.error, of a library too"),
  as("log", "work", "agentLine", "line that the agent itself wrote"),
  { ...as("log", "work", "patternLine", "what the user's pattern finds"), hidden: "pattern" },
  { ...as("log", "work", "debugLine", "line below the policy's level"), hidden: "level" },
  { ...as("log", "hushed", "hushedLine", "line of a flow with an override"), hidden: "flow" },
  { ...as("log", "asked", "askedLine", "line of a flow that asks so"), dropped: true },
  { ...as("exception", "asked", "askedMessage", "error of a flow that asks so"), dropped: true },
  as("exception", "fails", "errorMessage", "message of an error"),
  as("exception", "fails", "errorCause", "its cause"),
  as("exception", "fails", "errorAggregate", "errors of an AggregateError"),
  as("exception", "fails", "errorName", "name of an error"),
  as("exception", "fails", "errorStack", "function in a stack"),
  as("exception", "work", "signalMessage", "message of a signal"),
  as("exception", "throws", "uncaught", "uncaught error, last words"),
  as(["log", "exception"], "exits", "lastLine", "stderr of a process that exits"),
  { ...as("exception", "left", "leftMessage", "error of it, dropped by its flow"), dropped: true },
  as("log", "left", "leftLine", "log of a run, its agent killed"),
  as("log", "cancelled", "cancelledLine", "log of a run that is cancelled"),
  as("run-name", "work", "runName", "name of a task run"),
  as("artifact", "work", "artifactLink", "artifact: link"),
  as("artifact", "work", "artifactMarkdown", "artifact: Markdown"),
  as("artifact", "work", "artifactTable", "artifact: table"),
  as("location", "work", "location", "result location"),
  as(["config", "exception"], "work", "config", "folder of the code"),
  as("metadata", "work", "tag", "tag of a task"),
  as("metadata", "work", "flowRunName", "name given to the run"),
];

/** All channels, in the order of the table. */
export const CHANNELS: readonly Channel[] = [...NEVER, ...SECRETS, ...CLASSED];
