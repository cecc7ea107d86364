import type { RunScope } from "@weir/gate";
import type { JournalRun } from "./journal.ts";
import { sentenceOf } from "./log.ts";
import { Outbox } from "./outbox.ts";
import { releaseLease } from "./release.ts";
import { verdictOn } from "./report-verdict.ts";
import { pauseFor, retryPauseMs } from "./retry-pause.ts";
import type { RunDeps } from "./run-handle.ts";

type Deps = Omit<RunDeps, "pool" | "kept" | "policy" | "environment">;

type Scoped = Deps & { readonly scope: RunScope };

/** How the journal of one holding was shipped. */
interface Shipped {
  readonly token: string;
  /** Why the cloud takes no more; null when it has all. */
  readonly refused: string | null;
}

function outboxOf(run: JournalRun, o: Deps): Outbox {
  const rows = o.journal.rows(run.key);
  const acknowledged = (rows[0]?.first ?? run.acknowledged + 1) - 1;
  const outbox = new Outbox({ ...o, key: run.key, memoryBytes: 0, acknowledged });
  for (const row of rows) outbox.push({ ...row, events: null });
  return outbox;
}

/** Ships what waits, in order, until the cloud has all of it, refuses it, or `signal` says stop. */
async function shipRows(run: JournalRun, outbox: Outbox, o: Scoped, signal: AbortSignal): Promise<Shipped> {
  const { client, gate, scope, config, log, journal } = o;
  const { runId, attempt } = run;
  let { token } = run;
  let { reportBytes } = config;
  let failures = 0;
  while (!signal.aborted) {
    const batch = outbox.next({ reportEvents: config.reportEvents, reportBytes });
    if (batch === null) break;
    try {
      const passed = await gate.pass("report", { attempt, first: batch.first, events: batch.events }, { scope });
      const reply = await client.send(passed, { token, runId, signal });
      outbox.acknowledge(reply.accepted);
      if (reply.runToken !== undefined) journal.setToken(run.key, (token = reply.runToken));
      failures = 0;
    } catch (error) {
      const verdict = verdictOn(error);
      if (verdict.do === "give up") return { token, refused: verdict.reason };
      if (verdict.do === "rewind" && !outbox.rewind(verdict.expected))
        return { token, refused: `the cloud expects event ${verdict.expected}, which is not kept any more` };
      if (verdict.do === "shrink") reportBytes = Math.max(1_024, reportBytes / 2);
      failures += 1;
      log.warn({ runId, failures, problem: sentenceOf(error) }, "A journal that was found could not be shipped yet.");
      await pauseFor(retryPauseMs(error, failures, config, Math.random()), signal);
    }
  }
  return { token, refused: null };
}

/** Ships one holding's journal. Returns how many events the cloud acknowledged, or null when told to stop. */
async function shipOne(run: JournalRun, o: Deps, signal: AbortSignal): Promise<number | null> {
  const { journal, log } = o;
  const { key, runId, attempt, over } = run;
  const outbox = outboxOf(run, o);
  const before = outbox.acknowledged;
  const scope = o.gate.openRun(run.facts);
  let { token, refused } = await shipRows(run, outbox, { ...o, scope }, signal);
  const events = outbox.acknowledged - before;
  outbox.drop();
  if (signal.aborted && refused === null) return null;
  if (refused === null && !over) {
    // The child died with the agent. Giving the lease back lets the next attempt begin now and not when the lease ends.
    const released = await releaseLease({ ...o, scope, runId, attempt, token, reason: "restart", signal });
    if (released.kind === "unheard") return null;
    refused = released.kind === "refused" && events > 0 ? released.reason : null;
  }
  if (refused === null) journal.forget(key);
  else {
    log.warn({ runId, attempt, reason: refused }, "A journal that was found was refused; it is kept as evidence.");
    journal.setAside(key, refused);
  }
  return events;
}

/** Ships the journals of an earlier process, oldest first. What the cloud refuses is kept and never stands in the way. */
export async function shipFound(o: Deps, signal: AbortSignal): Promise<{ runs: number; events: number }> {
  const told = { runs: 0, events: 0 };
  for (const run of o.journal.found()) {
    const events = await shipOne(run, o, signal);
    if (events === null) break;
    told.runs += 1;
    told.events += events;
  }
  return told;
}
