#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { runCli } from "./cli.ts";
import { EXIT } from "./exit-codes.ts";
import type { Io } from "./io.ts";
import { endWithLaunchers } from "./processes/launchers.ts";
import { makePaint } from "./terminal/paint.ts";

// The process of `weir`. Only this file and what it hands over in Io touch `process`.

const MOST_COLUMNS = 100;
const LEAST_COLUMNS = 60;

const LEAST_NODE = 24;
if (Number.parseInt(process.versions.node, 10) < LEAST_NODE) {
  process.stderr.write(`Weir needs Node ${LEAST_NODE} or later; this is ${process.version} at ${process.execPath}.\n`);
  process.exit(EXIT.usage);
}

const interrupt = new AbortController();

function stop(): void {
  // A second Ctrl-C does not wait: what we started ends with us, since its channel to us breaks.
  if (interrupt.signal.aborted) process.exit(EXIT.interrupted);
  interrupt.abort(new Error("interrupted"));
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
if (process.env.npm_lifecycle_event !== undefined) endWithLaunchers(stop);
// `weir runs list | head` closes the pipe when it has enough: that is no error.
process.stdout.on("error", () => process.exit(EXIT.ok));

/** Where the person stands. `pnpm weir …` runs in the package's folder, but files are named from where it was typed. */
function standing({ npm_lifecycle_event: script, INIT_CWD: typedIn }: NodeJS.ProcessEnv): string {
  return script === "weir" && typedIn ? typedIn : process.cwd();
}

const terminal = process.stdout.isTTY;
const io: Io = {
  out: (piece) => void process.stdout.write(piece),
  err: (piece) => void process.stderr.write(piece),
  input: () => text(process.stdin),
  interactive: terminal && process.env.TERM !== "dumb" && process.stdout.columns >= LEAST_COLUMNS,
  columns: Math.min(MOST_COLUMNS, Math.max(LEAST_COLUMNS, process.stdout.columns ?? MOST_COLUMNS)),
  paint: makePaint(process.env, terminal),
  env: process.env,
  cwd: standing(process.env),
  interrupted: interrupt.signal,
};

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};
const code = await runCli(process.argv.slice(2), io, version);
// Not exitCode alone: a socket that somebody forgot would keep the process. Written is all by then, or waits for this.
process.stdout.write("", () => process.exit(code));
