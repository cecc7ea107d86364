import type { LogEvent, Report, RunEvent, TaskRunEvent } from "@weir/protocol";
import { expect, test } from "vitest";
import { DEFAULT_POLICY } from "../policy/policy.ts";
import { makeSide, policyOf } from "../testing/gates.ts";

const line = (text: string, number?: number, level: LogEvent["level"] = "info"): LogEvent => ({
  kind: "log",
  at: 1,
  level,
  text,
  ...(number === undefined ? {} : { number }),
});
const declared = (number: number, task: string): TaskRunEvent => ({
  kind: "task-run",
  at: 1,
  number,
  task,
  ordinal: 0,
});
const textsOf = ({ events }: Report): string[] => events.flatMap((event) => (event.kind === "log" ? [event.text] : []));
const artifact: RunEvent = { kind: "artifact", at: 1, name: "a", artifact: "markdown", data: "text" };

test("each task's data is treated as the policy says of that task; the flow's own as of the strictest", async () => {
  const policy = policyOf({ log: "send" }, {}, { secretive: { log: "seal" }, open: { log: "send" } });
  const side = await makeSide({
    ...policy,
    actionFor: (c, o) => (o.task === undefined && c === "log" ? "drop" : policy.actionFor(c, o)),
  });
  const report = await side.report(
    declared(1, "secretive"),
    declared(2, "open"),
    line("one", 1),
    line("two", 2),
    line("flow"),
    line("unknown", 9),
  );
  const [one, two, flow, unknown] = textsOf(report);
  expect(one).toMatch(/^sealed:/);
  expect([two, flow, unknown]).toEqual(["two", "", ""]);
});

test("task runs that an earlier attempt declared are known from the facts", async () => {
  const policy = policyOf({ log: "drop" }, {}, { open: { log: "send" } });
  const side = await makeSide(policy, {}, { tasks: { 4: "open" } });
  expect(side.scope.admit([line("kept", 4), line("dropped", 5)])).toEqual([line("kept", 4)]);
});

test("what a run asks for makes it stricter from then on, and never milder", async () => {
  const side = await makeSide(policyOf({ log: "seal" }), {}, { requests: [{ exception: "drop" }] });
  const failed: RunEvent = { kind: "flow", at: 1, state: "Failed", message: "why" };
  expect((await side.report(failed)).events).toEqual([{ kind: "flow", at: 1, state: "Failed" }]);
  side.scope.tighten({ log: "send", exception: "send" });
  expect(textsOf(await side.report(line("x")))[0]).toMatch(/^sealed:/);
  expect((await side.report(failed)).events).toEqual([{ kind: "flow", at: 1, state: "Failed" }]);
  side.scope.tighten({ log: "drop" });
  expect(side.scope.admit([line("x")])).toEqual([]);
  expect(side.scope.facts.requests).toEqual([{ exception: "drop", log: "drop" }]);
});

test("what was asked for already changes nothing, however often it is asked for: a flow may ask without end", async () => {
  const side = await makeSide(policyOf({}), {}, { requests: [{ exception: "drop" }] });
  side.scope.tighten({ log: "drop" });
  const { facts } = side.scope;
  for (const log of ["drop", "send", "redact"] as const) side.scope.tighten({ log, exception: "send" });
  expect(side.scope.facts).toBe(facts);
});

test("an action that a class does not take becomes the next stricter one", async () => {
  const side = await makeSide(policyOf({}), {}, { requests: [{ log: "id-only", location: "drop" } as never] });
  const report = await side.report(line("x"), {
    kind: "task",
    at: 1,
    number: 1,
    state: "Success",
    location: "file:/x",
  });
  expect(textsOf(report)).toEqual([""]);
  expect(report.events[1]).toMatchObject({ location: expect.stringMatching(/^sealed:/) as unknown });
});

test("lines and artifacts that the policy drops are not recorded, lines below its level neither; all else is the same array", async () => {
  const events = [line("debug", 1, "debug"), line("warn", 1, "warn"), artifact, declared(1, "t")];
  const plain = await makeSide(DEFAULT_POLICY);
  expect(plain.scope.admit(events)).toBe(events);
  const level = await makeSide(policyOf({}, { logs: { level: "warn", module: null } }));
  expect(level.scope.admit(events)).toEqual(events.slice(1));
  const dropped = await makeSide(policyOf({ log: "drop", artifact: "drop" }));
  expect(dropped.scope.admit(events)).toEqual([declared(1, "t")]);
});

test("a switched-off agent records no line, and of lines in its journal no text leaves", async () => {
  const side = await makeSide(DEFAULT_POLICY, { sendLogs: false });
  expect(side.scope.admit([line("x"), artifact])).toEqual([artifact]);
  expect(textsOf(await side.report(line("journalled earlier")))).toEqual([""]);
  const quiet = await makeSide(policyOf({}, { logs: { level: "error", module: null } }));
  expect(textsOf(await quiet.report(line("below"), line("above", 1, "error")))).toEqual(["", "above"]);
});

test("the user's filter and formatter see each line once, with the task that wrote it", async () => {
  const seen: unknown[] = [];
  const filter = (shown: { text: string }): boolean => {
    seen.push(shown);
    return !shown.text.includes("no");
  };
  const logFilter = { filter, format: ({ text }: { text: string }) => text.toUpperCase() };
  const side = await makeSide(DEFAULT_POLICY, { logFilter });
  const admitted = side.scope.admit([declared(1, "load"), line("no", 1), line("yes", 1), line("own")]);
  expect(admitted).toEqual([declared(1, "load"), line("YES", 1), line("OWN")]);
  expect(seen[0]).toEqual({ at: 1, level: "info", text: "no", project: "p", flow: "f", task: "load" });
  expect(seen[2]).toMatchObject({ task: null });
});

test.each([
  [
    "throws",
    {
      filter: () => {
        throw new Error("canary");
      },
    },
  ],
  ["answers later", { filter: (async () => true) as never }],
  ["gives no text", { format: (() => 7) as never }],
])("a line on which the user's module %s is withheld, visibly", async (_what, logFilter) => {
  const side = await makeSide(DEFAULT_POLICY, { logFilter });
  const [event] = side.scope.admit([line("canary")]) as LogEvent[];
  expect(event?.text).toBe("[withheld by Weir: the log module of the policy file failed on this line]");
});

test("secrets that a formatter brings in are struck out", async () => {
  const side = await makeSide(DEFAULT_POLICY, { logFilter: { format: () => "abcdef-secret" } });
  side.gate.addSecrets(["abcdef-secret"]);
  expect(textsOf(await side.report(...(side.scope.admit([line("x")]) as RunEvent[])))).toEqual(["[redacted]"]);
});

test("a secret that begins in one line and goes on in the next of the same writer is struck out of both", async () => {
  const side = await makeSide(DEFAULT_POLICY);
  side.gate.addSecrets(["correct-horse-battery"]);
  const texts = textsOf(await side.report(line("a correct-hor", 1), line("other", 2), line("se-battery b", 1)));
  expect(texts.join(" ")).not.toMatch(/correct|battery/);
  expect(texts[1]).toBe("other");
});
