import { PassThrough } from "node:stream";
import { createGate } from "@weir/gate";
import type { FromChild, RunEvent, StartMessage, ToChild } from "@weir/protocol";
import { expect, test } from "vitest";
import type { Child, ChildListener } from "./child.ts";
import { ChildSession } from "./child-session.ts";
import { RUNNER_DEFAULTS } from "./config.ts";
import type { Exit } from "./crash.ts";
import { JournalRoom } from "./journal-room.ts";
import { eventually } from "./testing/eventually.ts";

const success: RunEvent = { kind: "flow", at: 1, state: "Success" };
const task: RunEvent = { kind: "task", at: 1, number: 1, state: "Running" };

/** Stands among the events for the moment at which the flow's own wishes are known. */
const LOADED: RunEvent = { kind: "log", at: 0, level: "trace", text: "(loaded)" };

/** A session with a child that exists only here, so that what comes first is for the test to say. */
function session(o: { full?: boolean; loadingNoteMs?: number } = {}) {
  const told = {
    events: [] as RunEvent[],
    sent: [] as ToChild[],
    reading: true,
    listener: null as ChildListener | null,
  };
  const exit = Promise.withResolvers<Exit>();
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const child = {
    stdout,
    stderr,
    exited: exit.promise,
    send: (message: ToChild) => void told.sent.push(message),
    listen: (given: ChildListener) => void (told.listener = given),
    pause: () => void (told.reading = false),
    resume: () => void (told.reading = true),
  };
  const room = new JournalRoom(100);
  const made = new ChildSession({
    child: child as unknown as Child,
    gate: createGate({ ledgerFile: null, hmacKey: Buffer.alloc(32, 1) }),
    config: { ...RUNNER_DEFAULTS, loadingNoteMs: o.loadingNoteMs ?? RUNNER_DEFAULTS.loadingNoteMs },
    room,
    listener: {
      events: (events) => {
        told.events.push(...events);
        return { full: o.full ?? false };
      },
      asked: () => {},
      loaded: () => void told.events.push(LOADED),
      done: () => {},
      invalid: () => {},
    },
  });
  const over = made.run({ kind: "start" } as StartMessage);
  const say = (...messages: FromChild[]): void => told.listener?.messages(messages);
  const leave = (): void => made.leave();
  return { told, stdout, room, say, leave, end: () => (exit.resolve({ code: 0, signal: null }), over) };
}

test("output that is still in the pipe when the flow's last word comes stands before it", async () => {
  const { told, stdout, say, end } = session();
  say({ kind: "events", events: [task, success, task] });
  stdout.write("written before the end\n");
  setImmediate(() => stdout.write("and this\nand a line without end"));
  await eventually("the last word is said", () => told.events.includes(success));
  const texts = told.events.map((event) => (event.kind === "log" ? event.text : event.kind));
  expect(texts).toEqual(["task", "written before the end", "and this", "and a line without end", "flow"]);
  say({ kind: "events", events: [task] });
  await end();
  expect(told.events).toHaveLength(5);
});

test("what is printed before the flow's wishes are known waits for them", async () => {
  const { told, stdout, say, end } = session();
  stdout.write("printed by an import\n");
  await new Promise((turn) => setImmediate(turn));
  expect(told.events).toEqual([]);
  say({ kind: "loaded" });
  stdout.write("printed by a task\n");
  await end();
  const texts = told.events.map((event) => (event.kind === "log" ? event.text : event.kind));
  expect(texts).toEqual(["(loaded)", "printed by an import", "printed by a task"]);
});

test("a flow whose file takes long to load is said to, and what it printed comes when it dies of it", async () => {
  const { told, stdout, end } = session({ loadingNoteMs: 1 });
  stdout.write("connecting …\n");
  await eventually("the note", () => told.events.length > 0);
  await end();
  const texts = told.events.map((event) => (event.kind === "log" ? event.text : event.kind));
  expect(texts).toEqual([expect.stringContaining("still being loaded") as string, "connecting …"]);
});

test("a process that ends at once after its last word still has it told", async () => {
  const { told, say, end } = session();
  say({ kind: "events", events: [success] });
  await end();
  expect(told.events).toEqual([success]);
});

test("a session that was left hears nothing of what its child writes, and tells it nothing", async () => {
  const { told, stdout, room, say, leave } = session({ full: true });
  room.add(200);
  say({ kind: "events", events: [task] });
  expect(told.sent.at(-1)).toEqual({ kind: "pressure", flow: "stop" });
  leave();
  stdout.write("of another run\n");
  await new Promise((turn) => setImmediate(turn));
  room.remove(180);
  expect(told.events).toEqual([task]);
  expect(told.sent.at(-1)).toEqual({ kind: "pressure", flow: "stop" });
});

test("a full journal: the child is told to wait, is not read any more, and goes on when there is room", async () => {
  const { told, room, say } = session({ full: true });
  room.add(200);
  say({ kind: "events", events: [task] });
  say({ kind: "events", events: [task] });
  expect(told.sent.slice(1)).toEqual([{ kind: "pressure", flow: "stop" }]);
  expect(told.reading).toBe(false);
  room.remove(180);
  expect(told.sent.slice(2)).toEqual([{ kind: "pressure", flow: "go" }]);
  expect(told.reading).toBe(true);
});
