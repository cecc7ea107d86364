import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";

/** A program of ours in its own process, as a user has it. */
export interface Program extends AsyncDisposable {
  readonly pid: number;
  /** The next message that it sends. Throws, with the end of its log, when it ends instead. */
  message(): Promise<unknown>;
}

export interface ProgramOptions {
  readonly main: string;
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** Arguments of Node itself. */
  readonly nodeArguments?: readonly string[];
}

/** Starts a program. Its environment is ours without any WEIR_ variable, and what is given. */
export function startProgram({ main, env, logFile, nodeArguments = [] }: ProgramOptions): Program {
  const log = openSync(logFile, "a");
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("WEIR_"));
  const child = fork(main, [], {
    env: { ...Object.fromEntries(inherited), ...env },
    execArgv: [...nodeArguments],
    stdio: ["ignore", log, log, "ipc"],
  });
  closeSync(log);
  return {
    pid: child.pid ?? 0,
    message: async () => await message(child, main, logFile),
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}

async function message(child: ChildProcess, main: string, logFile: string): Promise<unknown> {
  const decided = new AbortController();
  try {
    const ended = once(child, "exit", { signal: decided.signal }).then(async ([code]) => {
      const tail = (await readFile(logFile, "utf8")).split("\n").slice(-15).join("\n");
      throw new Error(`${main} ended with code ${code} before it was ready. The end of its log:\n${tail}`);
    });
    const [first] = await Promise.race([once(child, "message", { signal: decided.signal }), ended]);
    return first;
  } finally {
    decided.abort();
  }
}
