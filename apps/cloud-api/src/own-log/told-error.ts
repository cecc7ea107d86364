/** What the cloud's own log tells of an error. */
export interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  /** Frames alone. */
  readonly stack?: string;
  /** Names of ours that Postgres and the network tell beside the message. */
  readonly about?: Readonly<Record<string, string | number>>;
  readonly cause?: LoggedError;
}

// Whoever runs the cloud reads its log, ships it, keeps it for years; what users wrote has no place there. Errors carry it in many places:
// Postgres tells rows ("Failing row contains (…)") and values, Prisma prints the whole call with its arguments, JSON.parse quotes what it
// could not read, a refusal names what was asked for. So nothing of an error is logged but what is listed here.

/** Properties that hold names of tables, columns and constraints, of system calls and addresses. Not `detail`, `where`, `hint`, `internalQuery`, `meta`. */
const ABOUT = ["table", "column", "constraint", "dataType", "routine", "severity", "syscall", "address", "port"];
/** In `meta` of Prisma's errors, and in a cause of theirs that is no Error. */
const PRISMA_ABOUT = ["modelName", "kind", "originalCode"];
const MOST_CAUSES = 5;
const MOST_FRAMES = 20;
const MOST_LETTERS = 300;

/** An error as the log may show it: its type, code, frames, and its message without what is quoted in it. */
export function loggedError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: "something that is no Error was thrown" };
  const { code } = error as { code?: unknown };
  const about = aboutOf(error);
  const cause = causeOf(error);
  return {
    type: error.constructor.name || error.name,
    message: toldMessage(error),
    ...(typeof code === "string" || typeof code === "number" ? { code: String(code) } : {}),
    ...(about === undefined ? {} : { about }),
    ...framesOf(error),
    ...(cause === undefined || depth === MOST_CAUSES ? {} : { cause: loggedError(cause, depth + 1) }),
  };
}

/** Types whose messages are sentences for users, or calls with all their arguments: their code and frames say enough. */
const SPEAKS_OF_DATA = /^(?:Refusal|Prisma\w*|SyntaxError|GraphQL\w*)$/;

function toldMessage(error: Error): string {
  if (SPEAKS_OF_DATA.test(error.name) || SPEAKS_OF_DATA.test(error.constructor.name)) return "(not told)";
  return withoutQuotes(error.message).slice(0, MOST_LETTERS);
}

/** From the first quote to the last: what stands between two pairs of them may belong to one value that holds quotes itself. */
function withoutQuotes(message: string): string {
  const first = message.search(QUOTE);
  if (first === -1) return message;
  return `${message.slice(0, first)}"…"${message.slice(message.search(LAST_QUOTE) + 1)}`;
}

const QUOTE = /["'`“”‘’]/;
const LAST_QUOTE = /["'`“”‘’](?=[^"'`“”‘’]*$)/;

function aboutOf(error: Error): Readonly<Record<string, string | number>> | undefined {
  const { meta, cause } = error as { meta?: unknown; cause?: unknown };
  const sources = [error, cause instanceof Error ? null : cause, meta];
  const entries = [...ABOUT, ...PRISMA_ABOUT].flatMap((name) => {
    const value = sources.map((source) => (source as Properties | null | undefined)?.[name]).find(isWord);
    return value === undefined ? [] : [[name, value] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

type Properties = Readonly<Record<string, unknown>>;

const isWord = (value: unknown): value is string | number => typeof value === "string" || typeof value === "number";

/** As GraphQL, Prisma and its adapter wrap what was thrown first. */
function causeOf(error: Error): unknown {
  const { originalError, cause, meta } = error as {
    originalError?: unknown;
    cause?: unknown;
    meta?: { driverAdapterError?: unknown };
  };
  return originalError ?? meta?.driverAdapterError ?? (cause instanceof Error ? cause : undefined);
}

function framesOf({ stack }: Error): { stack?: string } {
  const frames = (stack ?? "").split("\n").filter((line) => /^ {4}at [^"'`]*$/.test(line));
  return frames.length === 0 ? {} : { stack: frames.slice(0, MOST_FRAMES).join("\n") };
}
