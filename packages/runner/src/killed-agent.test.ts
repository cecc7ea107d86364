import { fork } from "node:child_process";
import { once } from "node:events";
import { type Gate, GateError } from "@weir/gate";
import { expect, onTestFinished, test } from "vitest";
import { join } from "node:path";
import { createRunnerHost, type RunnerHost } from "./runner-host.ts";
import { Journal } from "./journal.ts";
import { eventually, isAlive } from "./testing/eventually.ts";
import { someFacts } from "./testing/facts.ts";
import { type CloudRun, refusal } from "./testing/fake-cloud.ts";
import { QUICK, rememberingLog, type Told } from "./testing/host-defaults.ts";
import { setStage, type Stage } from "./testing/stage.ts";

/** Runs a flow in an agent process of its own, kills that with SIGKILL when `when` holds, and waits for its end. */
async function killedAgent(stage: Stage, wishes: object, when: (run: CloudRun) => boolean): Promise<CloudRun> {
  const claimed = stage.claim(wishes);
  const run = stage.cloud.run(claimed.runId);
  const agent = fork(new URL("testing/agent-process.ts", import.meta.url), { execArgv: [] });
  onTestFinished(() => void agent.kill("SIGKILL"));
  agent.send({ url: stage.cloud.url, dataDirectory: join(stage.dataDirectory, "killed"), claimed });
  await eventually("it is time to kill the agent", () => when(run));
  agent.kill("SIGKILL");
  await once(agent, "exit");
  return run;
}

/** The agent's next start in the same directory. */
function nextStart(stage: Stage): RunnerHost {
  const { client, gate } = stage;
  const dataDirectory = join(stage.dataDirectory, "killed");
  const host = createRunnerHost({ client, gate, dataDirectory, log: rememberingLog(stage.told), config: QUICK });
  onTestFinished(() => host.close());
  return host;
}

function pidIn(line: string | undefined): number {
  return Number(line?.split(" ")[1]);
}

for (const behave of ["pid-and-block", "grandchild"]) {
  test(`SIGKILL of the agent leaves no process of a flow: ${behave}`, async () => {
    const stage = await setStage();
    const run = await killedAgent(stage, { behave }, (run) => run.lines().length > 0);
    await eventually("the flow's process is gone", () => !isAlive(pidIn(run.lines()[0])));
  });
}

test("the next start ships what the killed agent had not, and gives the lease back", async () => {
  const stage = await setStage();
  let awaySince = 0;
  const run = await killedAgent(stage, { behave: "succeed", tasks: 100_000, everyMs: 1 }, (run) => {
    if (run.events.length > 50 && awaySince === 0) awaySince = performance.now();
    stage.cloud.away = awaySince > 0;
    // Events go on into the journal meanwhile.
    return awaySince > 0 && performance.now() - awaySince > 200;
  });
  const known = run.events.length;
  stage.cloud.away = false;
  const told = await nextStart(stage).shipFoundJournals();
  expect(told.runs).toBe(1);
  expect(told.events).toBeGreaterThan(0);
  expect(run.events.length).toBeGreaterThan(known);
  expect(run.released).toEqual({ attempt: 1, reason: "restart" });
  const numbers = run.events.flatMap((event) => (event.kind === "task-run" ? [event.number] : []));
  expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, i) => i + 1));
});

/** A stage whose agent directory holds a journal with one open run of three events. */
async function withJournal(o: { over: boolean }): Promise<{ stage: Stage; run: CloudRun; runId: string }> {
  const stage = await setStage();
  const claimed = stage.claim({});
  const journal = Journal.open(join(stage.dataDirectory, "killed", "journal.db"));
  const key = journal.begin({
    runId: claimed.runId,
    attempt: 1,
    token: claimed.runToken,
    at: Date.now(),
    facts: someFacts(claimed.runId),
  });
  const json = JSON.stringify([1, 2, 3].map((at) => ({ kind: "log", at, level: "info", text: `line ${at}` })));
  journal.append(key, { first: 1, last: 3, bytes: json.length }, json);
  if (o.over) {
    const end = JSON.stringify([{ kind: "flow", at: 4, state: "Success" }]);
    journal.append(key, { first: 4, last: 4, bytes: end.length }, end);
    journal.markOver(key);
  }
  journal.close();
  return { stage, run: stage.cloud.run(claimed.runId), runId: claimed.runId };
}

test("a found journal of a run that is over is shipped, and then forgotten", async () => {
  const { stage, run } = await withJournal({ over: true });
  const host = nextStart(stage);
  expect(await host.shipFoundJournals()).toEqual({ runs: 1, events: 4 });
  expect(run.state).toBe("Success");
  expect(run.released).toBe(null);
  expect(await host.shipFoundJournals()).toEqual({ runs: 0, events: 0 });
});

test("a found journal of an older attempt is kept as evidence and stands in nobody's way", async () => {
  const { stage, run, runId } = await withJournal({ over: false });
  run.attempt = 2;
  const host = nextStart(stage);
  expect(await host.shipFoundJournals()).toEqual({ runs: 1, events: 0 });
  expect(run.events).toEqual([]);
  await host.close();
  const journal = Journal.open(join(stage.dataDirectory, "killed", "journal.db"));
  expect(journal.evidence()).toMatchObject([{ runId, events: 3, reason: expect.stringContaining("STALE") as string }]);
  journal.close();
});

test("found journals wait for a cloud that is away, and a close ends the waiting without losing them", async () => {
  const { stage, run } = await withJournal({ over: false });
  stage.cloud.away = true;
  const host = nextStart(stage);
  const shipping = host.shipFoundJournals();
  await eventually("it tries again and again", () => stage.told.length > 3);
  await host.close();
  expect(await shipping).toEqual({ runs: 0, events: 0 });
  stage.cloud.away = false;
  stage.cloud.mishaps.push("lose the reply", "proxy page", refusal("INTERNAL", "A bug."));
  expect(await nextStart(stage).shipFoundJournals()).toMatchObject({ runs: 1 });
  expect(run.lines()).toEqual(["line 1", "line 2", "line 3"]);
  expect(run.released).toMatchObject({ reason: "restart" });
});

test("events are in the journal before the gate sees them: a gate that lets nothing pass loses nothing", async () => {
  const stage = await setStage();
  const shut: Gate = {
    close: async () => {},
    addSecrets: () => {},
    checkKeys: async () => {},
    keyed: (value) => value,
    openRun: (facts) => stage.gate.openRun(facts),
    pass: async () => {
      throw new GateError("LEDGER_FAILED", "The disk under the ledger is full.");
    },
  };
  const dataDirectory = join(stage.dataDirectory, "killed");
  const { client } = stage;
  const told: Told[] = [];
  const host = createRunnerHost({ client, gate: shut, dataDirectory, log: rememberingLog(told), config: QUICK });
  const claimed = stage.claim({ behave: "succeed", tasks: 5 });
  host.run(claimed, performance.now());
  await eventually("reports are held back", () => told.length > 0);
  const file = join(dataDirectory, "journal.db");
  await host.close();
  const journal = Journal.open(file);
  expect(journal.found()).toMatchObject([{ runId: claimed.runId, acknowledged: 0 }]);
  journal.close();
  await nextStart(stage).shipFoundJournals();
  expect(stage.cloud.run(claimed.runId).events.length).toBeGreaterThan(0);
});
