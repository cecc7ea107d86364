import { mkdtempSync, readdirSync, rmSync, truncateSync, unlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { localStore } from "@weir/results";
import { expect, onTestFinished, test } from "vitest";
import { flow, run, settle, task } from "../index.ts";
import { Stage } from "./support/stage.ts";

function directory(): string {
  const made = mkdtempSync(join(tmpdir(), "weir results "));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** Runs a flow whose second task fails, does something to the files, and restarts it with a store of its own: another machine. */
async function restartedAfter(harm: (file: string) => void) {
  const results = directory();
  const load = task("load", () => ({ rows: "x".repeat(10_000) }));
  const fragile = task("fragile", ({ rows }: { rows: string }) => {
    if (run.attempt === 1) throw new Error("broken");
    return rows.length;
  });
  const report = flow("f", async () => await fragile(load()));
  const stage = new Stage();
  await stage.play(report, { store: localStore({ directory: results }) });
  for (const one of readdirSync(results, { recursive: true, withFileTypes: true })) {
    if (one.isFile()) harm(join(one.parentPath, one.name));
  }
  return await stage.restart(report, { store: localStore({ directory: results }) });
}

test("after a restart on another machine that shares the directory, values are read and nothing is run again", async () => {
  const { end, runs } = await restartedAfter(() => undefined);
  expect(end).toEqual({ state: "Success", value: 10_000 });
  expect([...runs.keys()]).toEqual(["fragile"]);
});

test("a result that was cut ends who needs it as Failed: it says which file, what is wrong, and what to do", async () => {
  const { runs } = await restartedAfter((file) => truncateSync(file, 100));
  expect(runs.get("fragile")?.states.join(" ")).toBe("Pending Failed");
  const failure = runs.get("fragile")?.events.at(-1)?.failure;
  expect(failure).toMatchObject({ code: "RESULT_TRUNCATED" });
  expect(failure?.message).toMatch(/"load".*is not what was written.*start a new run/);
});

test("a result that vanished ends who needs it as Failed: it says which file and what to do", async () => {
  const { runs } = await restartedAfter((file) => unlinkSync(file));
  expect(runs.get("fragile")?.states.join(" ")).toBe("Pending Failed");
  const failure = runs.get("fragile")?.events.at(-1)?.failure;
  expect(failure).toMatchObject({ code: "RESULT_READ_FAILED" });
  expect(failure?.message).toMatch(/"load".*start a new run/);
});

test("a value of 1 GiB is Failed with a sentence, its task is not run again, and the others go on", async () => {
  const ran: string[] = [];
  const huge = task("huge", { retries: 2, retryDelay: 0 }, () => {
    ran.push("huge");
    return Buffer.alloc(2 ** 30);
  });
  const small = task("small", () => 1);
  const body = async () => [(await settle(huge())).failure?.code, await small()];
  const { end } = await new Stage().play(flow("f", body), { store: localStore({ directory: directory() }) });
  expect(end).toEqual({ state: "Success", value: ["RESULT_NOT_SERIALIZABLE", 1] });
  expect(ran).toEqual(["huge"]);
});
