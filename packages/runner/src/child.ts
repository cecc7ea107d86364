import { type ChildProcess, spawn } from "node:child_process";
import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import { type FromChild, IPC_FD, type ToChild } from "@weir/protocol";
import { parseFromChild } from "./ipc-messages.ts";
import { IpcError, IpcReader } from "./ipc-reader.ts";
import type { ChildUser } from "./child-user.ts";
import type { Exit } from "./crash.ts";
import { makeLossless } from "./lossless-pipe.ts";
import type { Watchdog } from "./watchdog.ts";

/** What a child may know of the agent's environment. Everything else a run declares, or it stays where it is. */
const ALLOWED = /^(PATH|HOME|LANG|LC_[A-Z]+|TZ|TMPDIR|USER)$/;

/** The part of an environment that a child is started with. No credential, and nothing that changes how Node or the loader works. */
export function childEnvironment(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const allowed = Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && ALLOWED.test(name) ? [[name, value] as const] : [],
  );
  return Object.fromEntries(allowed);
}

/**
 * A grandchild that left the group may hold stdout open for ever: after the process's own end it is waited for no longer than this.
 * Node keeps file descriptor 3 from its own children, so that its end comes with the process, as soon as all of it is read.
 */
const OUTPUT_END_MS = 2_000;
const PIPE_END_MS = 10_000;

/**
 * What may wait for a child to read it, beyond the message with which it begins. A flow that computes for hours reads nothing meanwhile, and
 * is told little; more than this waits only where a cloud sends orders without end, or a child asks and does not listen.
 */
const UNREAD_MOST = 32 * 1024 * 1024;
/** Messages that are kept until somebody listens. A child that waits for a run has only one to say. */
const EARLY_MOST = 1_000;

/** Who hears what a child says. */
export interface ChildListener {
  /** All messages of one read, in order. */
  readonly messages: (messages: readonly FromChild[]) => void;
  /** It wrote something that is no message. */
  readonly invalid: (error: IpcError) => void;
}

/** One child process: its own process group, its pipe, its end. What it writes is not trusted. */
export class Child {
  readonly #process: ChildProcess;
  readonly #watchdog: Watchdog;
  readonly #reader = new IpcReader();
  #listener: ChildListener | null = null;
  #early: FromChild[] = [];
  #unreadMost = UNREAD_MOST;
  #invalid = false;
  #earlyError: IpcError | null = null;
  #killTimer: NodeJS.Timeout | undefined;
  #killAt = Number.POSITIVE_INFINITY;
  #over = false;
  /** When it was started, and how many runs it has begun. */
  readonly startedAt = performance.now();
  runs = 0;
  /** Resolves once it said that it is loaded, or with false when it ended before. */
  readonly ready: Promise<boolean>;
  /** Resolves when the process has ended, its group is killed, and its pipes are read to their ends. */
  readonly exited: Promise<Exit>;
  #isReady: (ready: boolean) => void = () => {};

  constructor(o: {
    entry: string;
    execArgv: readonly string[];
    environment: Record<string, string>;
    watchdog: Watchdog;
    /** Whose process it is; absent: the agent's. */
    user?: ChildUser | null;
    /** Where it begins; absent: in a directory that always exists. */
    directory?: string;
  }) {
    this.#watchdog = o.watchdog;
    this.ready = new Promise((ready) => {
      this.#isReady = ready;
    });
    // The child goes into the flow's own directory once it is told which.
    this.#process = spawn(process.execPath, [...o.execArgv, o.entry], {
      cwd: o.directory ?? "/",
      detached: true,
      stdio: ["ignore", "pipe", "pipe", "pipe"],
      env: o.environment,
      ...(o.user ? { uid: o.user.uid, gid: o.user.gid } : {}),
    });
    if (this.#process.pid !== undefined) this.#watchdog.guard(this.#process.pid);
    this.exited = this.#ending();
    makeLossless(this.#pipe);
    this.#pipe.on("data", (piece: Buffer) => this.#take(piece));
    // A pipe that breaks is no news: the exit of its process tells why.
    this.#pipe.on("error", () => {});
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get stdout(): Readable {
    return this.#process.stdio[1] as Readable;
  }

  get stderr(): Readable {
    return this.#process.stdio[2] as Readable;
  }

  get #pipe(): Socket {
    return this.#process.stdio[IPC_FD] as Socket;
  }

  /** Whether the process has ended. */
  get over(): boolean {
    return this.#over;
  }

  async #ending(): Promise<Exit> {
    const closed = new Promise<void>((done) => this.#process.once("close", () => done()));
    const pipeClosed = new Promise<void>((done) => this.#pipe.once("close", () => done()));
    const exit = await new Promise<Exit>((done) => {
      this.#process.once("error", (error) => done({ code: null, signal: null, error: error.message }));
      this.#process.once("exit", (code, signal) => done({ code, signal }));
    });
    this.#over = true;
    this.#isReady(false);
    clearTimeout(this.#killTimer);
    // Its own children go with it.
    this.#signal("SIGKILL");
    if (this.#process.pid !== undefined) this.#watchdog.release(this.#process.pid);
    // What is left in the pipes is read, also by a reader that was paused.
    for (const stream of [this.stdout, this.stderr, this.#pipe]) stream.resume();
    if (exit.error === undefined) {
      await withinMs(pipeClosed, PIPE_END_MS);
      await withinMs(closed, OUTPUT_END_MS);
    }
    for (const stream of this.#process.stdio) stream?.destroy();
    return exit;
  }

  #take(piece: Buffer): void {
    if (this.#invalid) return;
    try {
      this.#tell(this.#reader.read(piece).map(parseFromChild));
    } catch (error) {
      if (!(error instanceof IpcError)) throw error;
      this.#refuse(error);
    }
  }

  #refuse(error: IpcError): void {
    this.#invalid = true;
    if (this.#listener) this.#listener.invalid(error);
    else this.#earlyError = error;
  }

  #tell(messages: readonly FromChild[]): void {
    if (messages.some((message) => message.kind === "ready")) this.#isReady(true);
    if (this.#listener) this.#listener.messages(messages);
    else if (this.#early.length + messages.length > EARLY_MOST)
      throw new IpcError(`it wrote more than ${EARLY_MOST} messages before it was given a run`);
    else this.#early = [...this.#early, ...messages];
  }

  /** From now on this listener hears it, first of all what it said before. */
  listen(listener: ChildListener): void {
    this.#listener = listener;
    if (this.#early.length > 0) listener.messages(this.#early);
    if (this.#earlyError) listener.invalid(this.#earlyError);
    this.#early = [];
  }

  /** Where too much waits to be read already, the child counts as one that does not listen: `invalid` tells it. */
  send(message: ToChild): void {
    if (this.#over || this.#invalid || !this.#pipe.writable) return;
    const line = `${JSON.stringify(message)}\n`;
    if (message.kind === "start") this.#unreadMost = UNREAD_MOST + line.length;
    else if (this.#pipe.writableLength > this.#unreadMost)
      return this.#refuse(new IpcError(`more than ${UNREAD_MOST} bytes wait for it to read them`));
    this.#pipe.write(line);
  }

  /** Stops reading what it says: it can go on only as far as the pipe holds. Its last words are read in any case. */
  pause(): void {
    if (!this.#over) this.#pipe.pause();
  }

  resume(): void {
    this.#pipe.resume();
  }

  /** Closes its pipe, upon which it ends by itself, with all that it does at its end; kills the group when the grace is over. */
  dismiss(graceMs: number): void {
    if (this.#over) return;
    this.#pipe.end();
    this.killAfter(graceMs);
  }

  /** Asks the whole group to end, and kills it when the grace is over. A later call can only make the grace shorter. */
  stop(graceMs: number): void {
    if (this.#over) return;
    this.#signal("SIGTERM");
    this.killAfter(graceMs);
  }

  /** Kills the group after a time, unless it has ended by then. */
  killAfter(ms: number): void {
    const at = performance.now() + ms;
    if (this.#over || at >= this.#killAt) return;
    this.#killAt = at;
    clearTimeout(this.#killTimer);
    if (ms <= 0) this.#signal("SIGKILL");
    else this.#killTimer = setTimeout(() => this.#signal("SIGKILL"), ms);
  }

  /** Kills the group at once. */
  kill(): void {
    this.killAfter(0);
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#process;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch (error) {
      // Nobody of the group is left.
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}

async function withinMs(promise: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([
    promise,
    new Promise<void>((late) => {
      timer = setTimeout(late, ms);
    }),
  ]);
  clearTimeout(timer);
}
