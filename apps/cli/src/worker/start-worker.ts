import { readFileSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { CliError } from "../cli-error.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { sdkEntry } from "../flows/inspect.ts";
import type { Io } from "../io.ts";
import { runInFront } from "../processes/run-in-front.ts";

interface Options {
  readonly redis?: string;
  readonly redisFile?: string;
  readonly queue: string;
  readonly file: readonly string[];
  readonly concurrency?: number;
  readonly stallSeconds: number;
  readonly graceSeconds: number;
  readonly json?: boolean;
}

/**
 * `weir worker`: a process of the user's own SDK that takes tasks from the user's own Redis. It gets the environment of this shell but for
 * Weir's, and the URL of Redis by a message: neither its arguments nor its environment hold the password.
 */
export async function startWorker(io: Io, _args: readonly string[], options: Options): Promise<ExitCode> {
  const files = options.file.map((file) => existing(resolve(io.cwd, file)));
  const [first = ""] = files;
  return await runInFront(io, {
    what: "worker",
    main: sdkEntry(first, "@weir/sdk/worker"),
    env: Object.fromEntries(Object.entries(io.env).filter(([name]) => !name.startsWith("WEIR_"))),
    order: {
      kind: "start",
      redis: redisUrl(io, options),
      queue: options.queue,
      files,
      concurrency: options.concurrency ?? availableParallelism(),
      stallMs: options.stallSeconds * 1_000,
      graceMs: options.graceSeconds * 1_000,
    },
    ready: "ready",
    json: options.json === true,
    stdout: "log",
    exits: { 2: EXIT.usage },
  });
}

function existing(file: string): string {
  if (statSync(file, { throwIfNoEntry: false })?.isFile() === true) return file;
  throw unusable(`There is no file ${file}. Give the path of a file that defines tasks.`);
}

/** Where Redis is: --redis, --redis-file, WEIR_REDIS_URL_FILE, WEIR_REDIS_URL, in this order. @throws CliError that repeats no URL */
export function redisUrl(
  io: Pick<Io, "env" | "cwd">,
  { redis, redisFile }: Pick<Options, "redis" | "redisFile">,
): string {
  if (redis !== undefined) return withoutPassword(redis);
  const file = redisFile ?? io.env.WEIR_REDIS_URL_FILE;
  if (file) return readUrl(resolve(io.cwd, file));
  if (io.env.WEIR_REDIS_URL) return io.env.WEIR_REDIS_URL;
  throw unusable(
    "It is not said where Redis is. Set WEIR_REDIS_URL or WEIR_REDIS_URL_FILE, or give --redis redis://host:6379.",
  );
}

function withoutPassword(url: string): string {
  if (!URL.canParse(url) || new URL(url).password === "") return url;
  throw unusable(
    "--redis holds a password, and everybody on this machine can read a program's arguments. Put the URL into a file for --redis-file, or into WEIR_REDIS_URL.",
  );
}

function readUrl(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw unusable(`The file ${file} with the URL of Redis cannot be read (${code}). Check its path and its rights.`);
  }
}

function unusable(sentence: string): CliError {
  return new CliError(EXIT.usage, "WORKER_UNUSABLE", sentence);
}
