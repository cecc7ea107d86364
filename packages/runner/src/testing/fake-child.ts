import { spawn } from "node:child_process";
import { appendFileSync, writeSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import type { DoneMessage, RunEvent, StartMessage, ToChild } from "@weir/protocol";

// Stands in for the SDK's child: speaks the same lines on file descriptor 3 and behaves as the parameters say, well or badly.

const pipe = new Socket({ fd: 3 });
const write = (message: unknown): boolean => pipe.write(`${JSON.stringify(message)}\n`);
const emit = (...events: RunEvent[]): boolean => write({ kind: "events", events });
const at = Date.now();
const running: RunEvent = { kind: "flow", at, state: "Running" };
const success: RunEvent = { kind: "flow", at, state: "Success" };
const log = (text: string): RunEvent => ({ kind: "log", at, level: "info", text });
/** After a run's end: late enough for the runner to have taken leave of it. */
const STRAY_MS = 100;
const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const forever = (): NodeJS.Timeout => setInterval(() => {}, 1_000);

function taskEvents(number: number): RunEvent[] {
  return [
    { kind: "task-run", at, number, task: "step", ordinal: number - 1 },
    { kind: "task", at, number, state: "Running", tryNumber: 1 },
    { kind: "task", at, number, state: "Success", location: `file:/results/${number}.json`, resultBytes: 12 },
  ];
}

function end(outcome: DoneMessage["outcome"] = "finished", dueInMs?: number): void {
  write({ kind: "done", outcome, ...(dueInMs === undefined ? {} : { dueInMs }) });
  const { leaveFile } = startedWith;
  if (leaveFile === undefined) return void pipe.end(() => process.exit(0));
  setTimeout(() => {
    appendFileSync(leaveFile, "");
    pipe.end(() => process.exit(0));
  }, 50);
}

interface Wishes {
  readonly behave?: string;
  readonly tasks?: number;
  readonly everyMs?: number;
  readonly ms?: number;
  readonly bytes?: number;
  /** File in the flow's directory that is written at the end. */
  readonly endFile?: string;
  /** File that is written a while later, when the process ends by itself. */
  readonly leaveFile?: string;
  /** What is asked of the cloud, all at once. */
  readonly questions?: readonly object[];
  /** Ends with success after so many answers and orders. */
  readonly hears?: number;
  /** What a child that stays does between two runs. */
  readonly stray?: "print" | "emit" | "end" | "die";
  readonly onLeaseLost?: "stop" | "continue";
}

/** What the runner asked last. */
const asked = { stop: false, pause: false, heard: 0, dies: false };

function fillMemory(): void {
  const hoard: unknown[] = [];
  for (;;) hoard.push(Array.from({ length: 10_000 }, (_, i) => ({ i, text: `${i}` })));
}

function block(ms: number): void {
  const until = Date.now() + ms;
  while (Date.now() < until);
}

function flood(bytes: number): void {
  const line = Buffer.from(`${"x".repeat(1_023)}\n`);
  for (let written = 0; written < bytes;) {
    try {
      written += writeSync(1, line);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    }
  }
}

async function steps(wishes: Wishes, state: () => boolean): Promise<void> {
  for (let number = 1; number <= (wishes.tasks ?? 1) && !state(); number += 1) {
    emit(...taskEvents(number));
    if (wishes.everyMs !== undefined) await sleep(wishes.everyMs);
  }
}

async function burst(wishes: Wishes): Promise<void> {
  for (let number = 1; number <= (wishes.tasks ?? 1);) {
    const events: RunEvent[] = [];
    for (let i = 0; i < 50 && number <= (wishes.tasks ?? 1); i += 1, number += 1) events.push(...taskEvents(number));
    if (!emit(...events)) await new Promise((drained) => pipe.once("drain", drained));
  }
}

const BEHAVIOURS: Record<string, (wishes: Wishes, start: StartMessage) => void | Promise<void>> = {
  async succeed(wishes, start) {
    await steps(wishes, () => asked.stop);
    if (wishes.endFile !== undefined) appendFileSync(join(start.directory, wishes.endFile), "");
    if (!asked.stop) emit(success);
    end();
  },
  async burst(wishes) {
    await burst(wishes);
    emit(success);
    end();
  },
  "exit-0": () => process.exit(0),
  "exit-3": () => process.exit(3),
  throw: () =>
    void setTimeout(() => {
      throw new TypeError("boom outside of every promise");
    }),
  memory: fillMemory,
  "ignore-sigterm": () => {
    process.on("SIGTERM", () => {});
    forever();
  },
  wait: () => {
    emit(log(`pid ${process.pid}`));
    forever();
  },
  block(wishes) {
    block(wishes.ms ?? 0);
    emit(success);
    end();
  },
  "pid-and-block": () =>
    void pipe.write(`${JSON.stringify({ kind: "events", events: [log(`pid ${process.pid}`)] })}\n`, () =>
      block(600_000),
    ),
  flood(wishes) {
    flood(wishes.bytes ?? 0);
    emit(log("after the flood"), success);
    end();
  },
  "last-line": () => {
    process.stdout.write("first line\nlast line without an end");
    process.stderr.write("a warning\n");
    emit(success);
    end();
  },
  garbage: () => void pipe.write("this is no JSON\n"),
  "bad-event": () => void write({ kind: "events", events: [running, { kind: "task", at, number: 1, state: "Done" }] }),
  "foreign-state": () => void emit({ kind: "flow", at, state: "Scheduled" }),
  "endless-line": () => {
    const piece = "x".repeat(64 * 1_024);
    const more = (): void => void pipe.write(piece, () => setImmediate(more));
    more();
  },
  "after-the-end": () => {
    emit(success, log("too late"));
    emit(log("much too late"));
    console.log("too late as well");
    setTimeout(() => end(), 20);
  },
  linger: () => {
    emit(success);
    write({ kind: "done", outcome: "finished" });
    forever();
  },
  stay(wishes, start) {
    emit(log(`pid ${process.pid}`), success);
    console.log(`out of ${start.runId}`);
    write({ kind: "done", outcome: "finished", stays: true });
    if (wishes.stray === "print") setTimeout(() => console.log("stray"), STRAY_MS);
    if (wishes.stray === "emit") setTimeout(() => emit(log("stray")), STRAY_MS);
    if (wishes.stray === "end") setTimeout(() => process.exit(0), STRAY_MS);
    asked.dies = wishes.stray === "die";
  },
  "fail-and-stay": () => {
    emit(log(`pid ${process.pid}`), { kind: "flow", at, state: "Failed" });
    write({ kind: "done", outcome: "finished", stays: true });
  },
  "ask-when-told-to-end": () => {
    process.on("SIGTERM", () => {
      write({ kind: "ask", id: 1, ask: "outcome", runId: "01990000-0000-7000-8000-000000000001" });
      write({ kind: "ask", id: 2, ask: "slots", number: 1, tags: [] });
    });
    emit(log("ready"));
    forever();
  },
  waiting: (wishes) => end("waiting", wishes.ms),
  paused: () => end("paused"),
  "paused-and-lingers": () => {
    write({ kind: "done", outcome: "paused" });
    forever();
  },
  ask(wishes) {
    emit(...taskEvents(1).slice(0, 1));
    // In one piece, so that the runner has them all at once.
    const asks = (wishes.questions ?? []).map((question, index) => ({ kind: "ask", id: index + 1, ...question }));
    pipe.write(asks.map((ask) => `${JSON.stringify(ask)}\n`).join(""));
    forever();
  },
  grandchild: () => {
    const child = spawn("sleep", ["1000"], { stdio: "ignore" });
    emit(log(`grandchild ${child.pid}`));
    forever();
  },
  environment(_wishes, start) {
    emit(log(JSON.stringify({ process: Object.keys(process.env).sort(), start })), success);
    end();
  },
  secrets: () => {
    write({ kind: "secrets", values: ["told-by-the-child"] });
    emit(log("the secret is told-by-the-child"), success);
    end();
  },
  "secrets-without-end": (wishes) => {
    let last = 0;
    const fresh = (): string => `s-${(last += 1)}`.padEnd(wishes.bytes ?? 0, "x");
    const more = (): void => {
      write({ kind: "secrets", values: Array.from({ length: 100 }, fresh) });
      setImmediate(more);
    };
    more();
  },
  async babble(wishes) {
    const lines = `${JSON.stringify({ kind: "ready", sdkVersion: "again" })}\n`.repeat(1_000);
    for (let told = 0; told < (wishes.tasks ?? 0); told += 1_000)
      if (!pipe.write(lines)) await new Promise((drained) => pipe.once("drain", drained));
    emit(success);
    end();
  },
  async chatter(wishes) {
    for (let i = 1; i <= (wishes.tasks ?? 0); i += 1) {
      emit(log(`line ${i} ${"x".repeat(1_000)}`));
      if (i % 20 === 0) await sleep(1);
    }
    emit(...taskEvents(1), success);
    end();
  },
  async "states-without-end"() {
    for (let number = 1; !asked.stop; number += 1) {
      while (asked.pause) await sleep(5);
      emit(...taskEvents(number));
      if (number % 50 === 0) await sleep(1);
    }
  },
};

/** Answers and orders are told as log lines. */
function told(message: ToChild): void {
  asked.heard += 1;
  emit(log(JSON.stringify(message)));
  if (asked.heard !== startedWith.hears) return;
  emit(success);
  end();
}

function hear(message: ToChild): void {
  if (message.kind === "pressure") {
    asked.pause = message.flow === "stop";
    return;
  }
  if (message.kind === "cancel") {
    const wishes = startedWith.behave;
    asked.stop = true;
    if (wishes === "ask") write({ kind: "ask", id: 1_000, ask: "slots", number: 1, tags: [] });
    if (wishes === "wait" || wishes === "succeed") {
      emit({ kind: "flow", at: Date.now(), state: "Cancelled" });
      end();
    }
    return;
  }
  if (message.kind !== "start") return told(message);
  if (asked.dies) process.exit(1);
  startedWith = (message.parameters ?? {}) as Wishes;
  const { onLeaseLost } = startedWith;
  write({ kind: "loaded", ...(onLeaseLost === undefined ? {} : { onLeaseLost }) });
  emit(running);
  void BEHAVIOURS[startedWith.behave ?? "succeed"]?.(startedWith, message);
}

let startedWith: Wishes = {};
let rest = "";
pipe.setEncoding("utf8").on("data", (piece: string) => {
  const lines = (rest + piece).split("\n");
  rest = lines.pop() ?? "";
  for (const line of lines) hear(JSON.parse(line) as ToChild);
});
// The runner is gone: nothing that this process does could be told any more.
pipe.on("end", () => process.exit(1));
write({ kind: "ready", sdkVersion: "0.0.0-fake" });
