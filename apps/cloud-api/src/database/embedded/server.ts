import { spawn } from "node:child_process";
import type { ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { identity } from "./system-user.ts";
import type { SystemUser } from "./system-user.ts";

/** How one server process is started. */
export interface ServerCommand {
  readonly postgres: string;
  readonly data: string;
  readonly port: number;
  readonly user: SystemUser | null;
  readonly settings: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
}

/** A server that takes connections. */
export interface RunningServer {
  /** Settles when it has ended, by whatever cause. */
  readonly ended: Promise<void>;
  /** Ends it with a fast shutdown, and by force when that takes longer than 15 s. */
  stop(): Promise<void>;
}

/** The server ended before it took connections. `lines` are its last words. */
export class ServerEnded extends Error {
  override readonly name = "ServerEnded";
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.slice(-5).join(" · ") || "Postgres ended without a word");
    this.lines = lines;
  }
}

// The server must not outlive us, not even when we are killed with SIGKILL and can do nothing any more: so a shell holds the reading end
// of a pipe from us, and when that reaches its end it shuts the server down. Both stand in a session of their own, where a Ctrl-C of the
// terminal does not reach: the server ends after those who use it, not with them.
const SUPERVISOR = `
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
{
  read -r _ <&3
  kill -INT "$server"
  left=150
  while [ "$left" -gt 0 ] && kill -0 "$server"; do left=$((left - 1)); sleep 0.1; done
  kill -QUIT "$server" && sleep 5 && kill -KILL "$server"
} 2>/dev/null &
guard=$!
exec 3<&- 2>/dev/null
wait "$server"
status=$?
kill "$guard"
exit "$status"
`;

const READY = "database system is ready to accept connections";
const KEPT_LINES = 20;
/** Replaying the log of a large database after a crash takes its time. */
const START_MS = 120_000;

/**
 * Starts a server and waits until it takes connections.
 * @throws ServerEnded with what it said last.
 */
export async function startServer(command: ServerCommand): Promise<RunningServer> {
  const { postgres, data, port, user } = command;
  const settings = Object.entries({ ...command.settings, port: String(port) });
  const options = settings.flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const child = spawn("/bin/sh", ["-c", SUPERVISOR, "weir-postgres", postgres, "-D", data, ...options], {
    ...identity(user),
    cwd: "/",
    // Nothing of our own environment, where secrets may be. English, since we read what it says.
    env: { PATH: "/usr/bin:/bin", LC_ALL: "C" },
    detached: true,
    stdio: ["pipe", "ignore", "pipe"],
  });
  // It may be gone when we close the pipe.
  child.stdin.on("error", () => {});
  const ended = once(child, "close").then(() => {});
  const stop = async () => {
    child.stdin.end();
    await ended;
  };
  try {
    await untilReady(child, ended, command.onLine);
  } catch (error) {
    await stop();
    throw error;
  }
  return { ended, stop };
}

async function untilReady(
  child: ChildProcessByStdio<Writable, null, Readable>,
  ended: Promise<void>,
  onLine: (line: string) => void,
): Promise<void> {
  const lines: string[] = [];
  const timer = new AbortController();
  const ready = new Promise<void>((resolve) => {
    createInterface(child.stderr).on("line", (line) => {
      lines.push(line);
      if (lines.length > KEPT_LINES) lines.shift();
      if (line.includes(READY)) resolve();
      onLine(line);
    });
  });
  const failed = ended.then(() => Promise.reject(new ServerEnded(lines)));
  const late = sleep(START_MS, undefined, { signal: timer.signal, ref: false }).then(() => {
    throw new ServerEnded([...lines, `It took no connections for ${START_MS / 1000} s`]);
  });
  late.catch(() => {});
  failed.catch(() => {});
  try {
    await Promise.race([ready, failed, late]);
  } finally {
    timer.abort();
  }
}
