import type { KnownTaskRun } from "@weir/protocol";
import { isSuccessful } from "@weir/protocol/state";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Played, Stage } from "../support/stage.ts";
import { flowOf } from "./flow-of.ts";
import { attempt, type Left, NOTHING_BEFORE, type Outcome, type Unit } from "./model.ts";
import { healed, type Plan, plans } from "./plan.ts";
import { SEEDS } from "./seeds.ts";

/** An example takes a few milliseconds: one that takes so long hangs. */
const LONGEST_EXAMPLE_MS = 2_000;

/** Random runs each time, and all that ever found something. A failure prints its seed: it belongs into `seeds.ts`. */
async function holds<T extends [unknown, ...unknown[]]>(
  property: fc.IAsyncPropertyWithHooks<T>,
  numRuns: number,
): Promise<void> {
  for (const seed of SEEDS) await fc.assert(property, { seed, numRuns: 50, timeout: LONGEST_EXAMPLE_MS });
  await fc.assert(property, { numRuns, timeout: LONGEST_EXAMPLE_MS });
}

/** A stage whose cloud refuses slots of full limits at first, and grants them a moment later. */
function makeStage(): Stage {
  const stage = new Stage();
  stage.cloud.full = ["full"];
  stage.cloud.refused = (number) => {
    stage.clock.after(1_000, () => stage.run?.order({ kind: "slots", numbers: [number] }));
  };
  return stage;
}

function leftOf(rows: readonly KnownTaskRun[]): Map<Unit, Left> {
  const plain = rows.filter(({ state }) => state !== "Mapped");
  return new Map(
    plain.map(({ task, mapIndex, state, location }) => [
      mapIndex === undefined ? task : `${task}[${mapIndex}]`,
      { state, written: location !== undefined },
    ]),
  );
}

function statesOf(left: ReadonlyMap<Unit, Left>): Record<Unit, string> {
  const entries = [...left].map(([one, { state }]) => [one, state] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => a.localeCompare(b)));
}

function expectOutcome(played: Played, stage: Stage, model: Outcome): void {
  expect(statesOf(leftOf(stage.rows))).toEqual(statesOf(model.left));
  expect(played.writes.toSorted()).toEqual(model.writes.toSorted());
  expect([...new Set(played.ran)].toSorted()).toEqual([...model.executed].toSorted());
}

/** What the cloud keeps for the attempt after this one. */
function keptOf(known: readonly KnownTaskRun[]): Map<Unit, Left> {
  return new Map([...leftOf(known)].filter(([, { state }]) => isSuccessful(state)));
}

function everCached(rows: readonly KnownTaskRun[], plan: Plan): Set<number> {
  const names = new Set(rows.filter(({ state }) => state === "Cached").map(({ task }) => task));
  return new Set(plan.filter(({ index }) => names.has(`t${index}`)).map(({ index }) => index));
}

test("random flows end as the model says, write as it says, and execute what it says", async () => {
  const property = fc.asyncProperty(plans, async (plan) => {
    const stage = makeStage();
    const played = await stage.play(flowOf(plan, stage.note));
    expectOutcome(played, stage, attempt(plan, NOTHING_BEFORE));
    expect(played.end).toMatchObject({ state: "Success" });
  });
  await holds(property, 100);
});

test("without a store nothing is ever written, and the states are the same", async () => {
  const property = fc.asyncProperty(plans, async (plan) => {
    const stage = makeStage();
    const played = await stage.play(flowOf(plan, stage.note), { store: null });
    const uncached = plan.map((node) => ({ ...node, cached: false }));
    const { left } = attempt(uncached, NOTHING_BEFORE);
    expect(statesOf(leftOf(stage.rows))).toEqual(statesOf(left));
    expect(played.writes).toEqual([]);
  });
  await holds(property, 50);
});

test("a restart of those that failed executes what the model says, and nothing whose value could be read", async () => {
  const property = fc.asyncProperty(plans, async (plan) => {
    const stage = makeStage();
    await stage.play(flowOf(plan, stage.note));
    const again = healed(plan);
    const cached = everCached(stage.rows, plan);
    let kept = new Map<Unit, Left>();
    const played = await stage.restart(flowOf(again, stage.note), {}, (known) => {
      kept = keptOf(known);
      return known;
    });
    expectOutcome(played, stage, attempt(again, { kept, cached }));
  });
  await holds(property, 100);
});

test("a cancel at any moment ends every task run in a legal way, and nothing is begun after it", async () => {
  const property = fc.asyncProperty(plans, fc.nat({ max: 12 }), async (plan, at) => {
    const stage = makeStage();
    const note = (one: string): void => {
      stage.note(one);
      if (stage.ran.length === at) stage.run?.cancel(60_000);
    };
    const played = await stage.play(flowOf(plan, note));
    const wasCancelled = stage.ran.length >= at && at > 0;
    expect(played.end).toMatchObject({ state: wasCancelled ? "Cancelled" : "Success" });
    if (wasCancelled) expect(played.ran.length).toBe(at);
  });
  await holds(property, 100);
});

test("after a crash at any event the run ends as if there had been none, and finished task runs whose value is there are not executed again", async () => {
  const property = fc.asyncProperty(plans, fc.double({ min: 0, max: 1, noNaN: true }), async (plan, at) => {
    const whole = makeStage();
    const { events } = await whole.play(flowOf(plan, whole.note));
    const stage = makeStage();
    const diesAfter = Math.max(1, Math.floor(at * events.length));
    await stage.play(flowOf(plan, stage.note), { diesAfter });
    const readable = [...leftOf(stage.rows)].filter(
      ([, { state, written }]) => isSuccessful(state) && (written || state === "Skipped"),
    );
    const played = await stage.recover(flowOf(plan, stage.note));
    expect(statesOf(leftOf(stage.rows))).toEqual(statesOf(leftOf(whole.rows)));
    for (const [one] of readable) expect(played.ran).not.toContain(one);
    expect(new Set(played.writes).size).toBe(played.writes.length);
    const allowed = attempt(plan, NOTHING_BEFORE).writes;
    expect(played.writes.filter((one) => !allowed.includes(one))).toEqual([]);
  });
  await holds(property, 100);
});
