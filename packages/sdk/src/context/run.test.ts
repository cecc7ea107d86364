import { expect, test, vi } from "vitest";
import { flow } from "../flow/flow.ts";
import { secret } from "../secret.ts";
import { task } from "../task/task.ts";
import { record } from "../testing/recorded-run.ts";
import { run } from "./run.ts";

test("flow and task know their run", async () => {
  const ask = task("ask", async (_n: number) => {
    await Promise.resolve();
    const { flowRunId, attempt, tryNumber, mapIndex, scheduledStartTime, idempotencyKey, parameters } = run;
    return { flowRunId, attempt, tryNumber, mapIndex, scheduledStartTime, idempotencyKey, parameters };
  });
  const body = async () => {
    const { idempotencyKey, mapIndex, tryNumber } = run;
    return [idempotencyKey, mapIndex, tryNumber, ...(await ask.map([0]))];
  };
  const { end } = await record(flow("f", body), { attempt: 2, parameters: { day: "mon" } });
  expect(end).toEqual({
    state: "Success",
    value: [
      "run-1",
      undefined,
      1,
      {
        flowRunId: "run-1",
        attempt: 2,
        tryNumber: 1,
        mapIndex: 0,
        scheduledStartTime: new Date(1_000),
        idempotencyKey: "run-1-2",
        parameters: { day: "mon" },
      },
    ],
  });
});

test("log lines go with the task run that wrote them, formatted as console does", async () => {
  const talk = task("talk", () => run.log.warn("%d of %s", 3, "five", { left: 2 }));
  const body = async () => {
    run.log.info("begin");
    await talk();
  };
  const { events } = await record(flow("f", body));
  const lines = events.filter((event) => event.kind === "log");
  expect(lines).toMatchObject([
    { level: "info", text: "begin" },
    { level: "warn", text: "3 of five { left: 2 }", number: 1 },
  ]);
  expect(lines[0]).not.toHaveProperty("number");
});

test("what code still says after its run has ended is dropped", async () => {
  const late = Promise.withResolvers<void>();
  let said: Promise<void> | undefined;
  const body = () => {
    said = late.promise.then(() => run.log.info("too late"));
  };
  const { events } = await record(flow("f", body));
  late.resolve();
  await said;
  expect(events.at(-1)).toMatchObject({ kind: "flow", state: "Success" });
});

test("a long line is cut, a line that cannot be stored is mended", async () => {
  const body = () => {
    run.log.info("x".repeat(100_000));
    run.log.info("a\u0000b");
  };
  const { events } = await record(flow("f", body));
  const texts = events.flatMap((event) => (event.kind === "log" ? [event.text] : []));
  expect(Buffer.byteLength(texts[0] ?? "")).toBeLessThanOrEqual(64 * 1024);
  expect(texts[1]).toBe("a\uFFFDb");
});

test("artifacts cross with their kind, name and data", async () => {
  const body = () => {
    run.artifact.link("dashboard", { url: "https://example.org", text: "Load" });
    run.artifact.markdown("report", "# 12");
    run.artifact.table("worst", [{ airport: "ORD", late: 0.3 }]);
  };
  const { events } = await record(flow("f", body));
  expect(events.filter((event) => event.kind === "artifact")).toMatchObject([
    { artifact: "link", name: "dashboard", data: { url: "https://example.org", text: "Load" } },
    { artifact: "markdown", name: "report", data: { markdown: "# 12" } },
    { artifact: "table", name: "worst", data: { rows: [{ airport: "ORD", late: 0.3 }] } },
  ]);
});

test.each<[string, () => void, string]>([
  ["too large", () => run.artifact.markdown("big", "x".repeat(300_000)), 'The artifact "big" has 300'],
  ["no plain JSON", () => run.artifact.table("odd", [{ rate: Number.NaN }]), 'The artifact "odd" holds NaN'],
  [
    "not JSON at all",
    () => run.artifact.table("odd", [{ n: 1n as unknown as number }]),
    'The artifact "odd" holds something',
  ],
  ["without a name", () => run.artifact.markdown("", "x"), "The name of an artifact"],
])("an artifact that is %s is refused by name", async (_what, make, sentence) => {
  const { end } = await record(flow("f", make));
  expect(end).toMatchObject({ state: "Failed", error: { message: expect.stringContaining(sentence) as string } });
});

test("outside a run: a task may log, has a signal and is at its first try; the rest says where it is known", () => {
  const print = vi.spyOn(console, "log").mockReturnValue();
  run.log.info("hello");
  run.artifact.markdown("dropped", "x");
  expect(print.mock.calls[0]?.[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} info {2}hello$/);
  print.mockRestore();
  expect([run.signal.aborted, run.tryNumber, run.attempt, run.mapIndex]).toEqual([false, 1, 1, undefined]);
  expect(() => run.parameters).toThrow("run.parameters is known only inside a flow");
  expect(() => run.flowRunId).toThrow("run.flowRunId is known only inside a flow");
  expect(() => run.idempotencyKey).toThrow("run.idempotencyKey");
  expect(() => run.scheduledStartTime).toThrow("run.scheduledStartTime");
});

test("a secret is read from the environment or a file, and its value is struck out from then on", async () => {
  vi.stubEnv("H4_TOKEN", "s3cret");
  vi.stubEnv("H4_OTHER_FILE", import.meta.filename);
  const { end, sink } = await record(
    flow("f", async () => (await secret("H4_TOKEN")).length + (await secret("H4_OTHER")).length),
  );
  expect(end.state).toBe("Success");
  expect(sink.secrets[0]).toBe("s3cret");
  expect(sink.secrets).toHaveLength(2);
  await expect(secret("H4_NONE")).rejects.toThrow(
    "The secret H4_NONE is not here: set the environment variable H4_NONE",
  );
  vi.unstubAllEnvs();
});
