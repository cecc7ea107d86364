import { type ChildProcess, spawn } from "node:child_process";
import type { Writable } from "node:stream";
import type { RunnerLog } from "./log.ts";

/**
 * Reads "+group" and "-group" lines; when the agent is gone the pipe ends, and every group that is still noted is killed.
 * A shell, because it must outlive the agent's SIGKILL and cost next to nothing meanwhile: 1 MB, no wake-ups.
 */
const SCRIPT = `
trap '' INT TERM HUP QUIT
groups=" "
while read -r line; do
  group=\${line#?}
  case $line in
    +*) groups="$groups$group " ;;
    -*) case $groups in *" $group "*) groups="\${groups%%" $group "*} \${groups#*" $group "}" ;; esac ;;
  esac
done
for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
exit 0
`;

const RESTART_MS = 100;

/** Sees to it that no process of a flow outlives the agent, however the agent ends. One per agent. */
export class Watchdog {
  readonly #log: RunnerLog;
  readonly #groups = new Set<number>();
  #process: ChildProcess;
  #closing = false;

  constructor(log: RunnerLog) {
    this.#log = log;
    this.#process = this.#start();
  }

  #start(): ChildProcess {
    // A session of its own: Ctrl-C in a terminal goes to the agent's whole group.
    const started = spawn("/bin/sh", ["-c", SCRIPT, "weir-watchdog"], {
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
      env: {},
      cwd: "/",
    });
    started.unref();
    (started.stdin as Writable & { unref?: () => void }).unref?.();
    // Its end is told by `exit`; a write that finds it gone is nothing new.
    started.stdin?.on("error", () => {});
    started.on("error", (error) => this.#ended(error.message));
    started.on("exit", () => this.#ended("it ended"));
    return started;
  }

  #ended(reason: string): void {
    if (this.#closing) return;
    this.#log.warn({ reason }, "The watchdog of the flows' processes is gone and is started again.");
    // Not at once: a machine on which it cannot be started must not be kept busy with trying.
    setTimeout(() => this.#again(), RESTART_MS).unref();
  }

  #again(): void {
    if (this.#closing) return;
    this.#process = this.#start();
    for (const group of this.#groups) this.#write(`+${group}\n`);
  }

  #write(line: string): void {
    this.#process.stdin?.write(line);
  }

  /** Id of its process. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** From now on the group dies with the agent. */
  guard(group: number): void {
    this.#groups.add(group);
    this.#write(`+${group}\n`);
  }

  /** The group is gone; its number may come to belong to somebody else. */
  release(group: number): void {
    if (this.#groups.delete(group)) this.#write(`-${group}\n`);
  }

  /** Lets it end. Groups that are still guarded are killed. */
  async close(): Promise<void> {
    this.#closing = true;
    const { stdin, exitCode, signalCode } = this.#process;
    if (exitCode !== null || signalCode !== null || this.#process.pid === undefined) return;
    const ended = new Promise((done) => this.#process.once("exit", done));
    this.#process.ref();
    stdin?.end();
    await ended;
  }
}
