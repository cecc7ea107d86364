import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGate } from "@weir/gate";
import { type FlowEvent, makeId } from "@weir/protocol";
import { expect, onTestFinished, test } from "vitest";
import { weir } from "../testing/weir.ts";

const RUN = makeId();
const failure = {
  name: "AggregateError",
  message: "both failed",
  cause: { name: "Error", message: "the disk" },
  errors: [{ name: "TypeError", message: "first", stack: "at load (file:///a.ts:1:1)" }],
};

/** A folder where an agent has withheld errors, and their ids. */
async function agentFolder(...messages: string[]): Promise<{ cwd: string; ids: string[] }> {
  const cwd = await mkdtemp(join(tmpdir(), "weir-errors-"));
  onTestFinished(() => rm(cwd, { recursive: true }));
  const gate = createGate({
    ledgerFile: null,
    hmacKey: Buffer.alloc(32, 1),
    errorsDirectory: join(cwd, "agent", "errors"),
  });
  const scope = gate.openRun({ runId: RUN, attempt: 1, project: "p", flow: "f", requests: [{ exception: "id-only" }] });
  const ids: string[] = [];
  for (const [index, message] of messages.entries()) {
    const event: FlowEvent = { kind: "flow", at: index, state: "Failed", message, failure };
    const { body } = await gate.pass("report", { attempt: 1, first: 1, events: [event] }, { scope });
    ids.push(/err_[0-9a-f]{16}/.exec(body)?.[0] ?? "");
  }
  return { cwd, ids };
}

test("an id is shown with its error, causes and inner errors", async () => {
  const { cwd, ids } = await agentFolder("It failed:\u001b[31m both");
  const { code, out } = await weir(["errors", "show", ids[0] ?? "", "--directory", "agent"], { cwd });
  expect(code).toBe(0);
  expect(out).toContain(`run ${RUN}, the flow itself: Failed`);
  expect(out).toContain("It failed:");
  expect(out).not.toContain("\u001b[31m");
  expect(out).toMatch(
    /AggregateError: both failed\ncaused by\n {2}Error: the disk\nerror 1 of 1\n {2}TypeError: first\n {4}at load/,
  );
});

test("an id that is not there, and one that is none, are told with what to do", async () => {
  const { cwd } = await agentFolder("x");
  const absent = await weir(["errors", "show", `err_${"0".repeat(16)}`, "--directory", "agent"], { cwd });
  expect(absent).toMatchObject({
    code: 4,
    err: expect.stringMatching(/There is no error err_0{16} in .*--directory/) as unknown,
  });
  const none = await weir(["errors", "show", "7"], { cwd });
  expect(none).toMatchObject({ code: 2, err: expect.stringContaining("is no id of an error") as unknown });
});

test("all are listed, the newest first; an agent that has withheld none has an empty list", async () => {
  const { cwd, ids } = await agentFolder("one", "two");
  const listed = await weir(["errors", "list", "--directory", "agent", "--json"], { cwd });
  expect((JSON.parse(listed.out) as { errors: { id: string }[] }).errors.map(({ id }) => id)).toEqual(ids.toReversed());
  const table = await weir(["errors", "list", "--directory", "agent", "--limit", "1"], { cwd });
  expect(table.out).toContain(ids[1]);
  expect(table.out).not.toContain(ids[0]);
  expect((await weir(["errors", "list"], { cwd })).out).toMatch(/^No error/);
});
