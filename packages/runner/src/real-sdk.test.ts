import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FlowStorage, RunEvent } from "@weir/protocol";
import { expect, test } from "vitest";
import { eventually } from "./testing/eventually.ts";
import { setStage, type Stage } from "./testing/stage.ts";

/** The flow of `testing/real-flow.ts`, as it would be registered. */
function realFlow(): { flow: string; storage: FlowStorage } {
  const directory = fileURLToPath(new URL("testing", import.meta.url));
  const sha256 = createHash("sha256")
    .update(readFileSync(join(directory, "real-flow.ts")))
    .digest("hex");
  const files = [{ path: "real-flow.ts", sha256 }];
  const codeDigest = createHash("sha256").update(`${sha256}  real-flow.ts\n`).digest("hex");
  return { flow: "real", storage: { kind: "local", directory, entry: "real-flow.ts", codeDigest, files } };
}

function begin(stage: Stage, finale: string, numbers = [1, 2, 3]) {
  return stage.begin({ numbers, finale }, realFlow());
}

function tasksIn(events: readonly RunEvent[], state: string): RunEvent[] {
  return events.filter((event) => event.kind === "task" && event.state === state);
}

test("a flow on the real SDK: its states, its logs and what it printed arrive, and a warm child serves as well", async () => {
  const stage = await setStage({ warmChildren: 1 });
  const { handle, run } = begin(stage, "end");
  expect(await handle.done).toEqual({ kind: "finished", state: "Success" });
  expect(tasksIn(run.events, "Success")).toHaveLength(3);
  expect(tasksIn(run.events, "Mapped")).toHaveLength(1);
  expect(run.lines("stdout")).toEqual(["this went to stdout"]);
  expect(run.lines()).toEqual(["sum 14"]);
  expect(await begin(stage, "end").handle.done).toEqual({ kind: "finished", state: "Success" });
});

test("results go to the directory that the runner was given", async () => {
  const stage = await setStage();
  const resultsDirectory = join(stage.dataDirectory, "results");
  const other = await setStage({ resultsDirectory });
  const { handle, run } = begin(other, "end");
  await handle.done;
  const locations = run.events.flatMap((event) => (event.kind === "task" && event.location ? [event.location] : []));
  expect(locations.length).toBeGreaterThan(0);
  for (const location of locations) {
    expect(location).toContain(resultsDirectory);
    expect(existsSync(new URL(location))).toBe(true);
  }
});

test("process.exit(0) in a flow on the real SDK is a crash, and nothing that came before it is lost", async () => {
  const { handle, run } = begin(await setStage(), "exit");
  expect(await handle.done).toEqual({ kind: "finished", state: "Crashed" });
  expect(tasksIn(run.events, "Running")).toHaveLength(3);
  expect(run.events.at(-1)).toMatchObject({ failure: { code: "PROCESS_EXITED" } });
});

test("an error that a timer throws ends a flow on the real SDK with its message", async () => {
  const { handle, run } = begin(await setStage(), "throw");
  expect(await handle.done).toMatchObject({ kind: "finished" });
  expect(JSON.stringify(run.events.at(-1))).toContain("thrown in a timer");
});

test("cancel on the real SDK ends the run, and its open tasks with it", async () => {
  const { handle, run } = begin(await setStage({ graceMs: 10_000 }), "wait");
  await eventually("the waiting task runs", () => tasksIn(run.events, "Running").length === 4);
  handle.order({ kind: "cancel" });
  expect(await handle.done).toEqual({ kind: "finished", state: "Cancelled" });
  expect(tasksIn(run.events, "Cancelled")).toHaveLength(1);
});

test("a flow of many tasks on the real SDK: every state arrives once", async () => {
  const numbers = Array.from({ length: 2_000 }, (_, i) => i);
  const { handle, run } = begin(await setStage(), "end", numbers);
  expect(await handle.done).toEqual({ kind: "finished", state: "Success" });
  const done = tasksIn(run.events, "Success").flatMap((event) => (event.kind === "task" ? [event.number] : []));
  expect(done).toHaveLength(2_000);
  expect(new Set(done).size).toBe(2_000);
});
