import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type NextDue, type WaitingClaim, WaitingClaims } from "./waiting-claims.ts";

const POLL_MS = 5_000;

const NEVER: NextDue = { isDue: false, seconds: null };
const dueIn = (seconds: number): NextDue => ({ isDue: false, seconds });
const DUE: NextDue = { isDue: true, seconds: null };

/** A NOTIFY that tests send by hand, and a database that says when the next run comes due. */
function board(nextDue: () => Promise<NextDue> = async () => NEVER) {
  const listeners = new Map<string, () => void>();
  const onWork = (tenantId: string, fn: () => void) => {
    listeners.set(tenantId, fn);
    return () => listeners.delete(tenantId);
  };
  const claims = new WaitingClaims({ onWork }, nextDue, POLL_MS);
  return { claims, listeners, notify: (tenantId = "t") => listeners.get(tenantId)?.() };
}

/** A claim that waits; `woken` counts how often it was. */
function waiter(claims: WaitingClaims, kind = "any", ms = 30_000) {
  const claim = claims.join("t", kind);
  const seen = { claim, woken: 0 };
  void wait(claim, ms, seen);
  return seen;
}

async function wait(claim: WaitingClaim, ms: number, seen: { woken: number }): Promise<void> {
  await new Promise((resolve) => claim.wait(ms, resolve));
  seen.woken += 1;
}

const turn = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("of a thousand that wait, one of each kind is woken", async () => {
  const { claims, notify } = board();
  const waiters = Array.from({ length: 1000 }, (_, i) => waiter(claims, i % 2 === 0 ? "gpu" : "plain"));
  notify();
  await turn();
  expect(waiters.filter(({ woken }) => woken > 0).map((one) => waiters.indexOf(one))).toEqual([0, 1]);
});

test("whoever found work wakes the next of its kind; whoever found none ends the chain", async () => {
  const { claims, notify } = board();
  const waiters = Array.from({ length: 3 }, () => waiter(claims));
  notify();
  await turn();
  waiters[0]?.claim.found();
  await turn();
  expect(waiters.map(({ woken }) => woken)).toEqual([1, 1, 0]);
  waiters[1]?.claim.wait(30_000, () => undefined);
  waiters[1]?.claim.leave();
  await turn();
  expect(waiters.map(({ woken }) => woken)).toEqual([1, 1, 0]);
});

test("a wake-up that its claim did not use, because its client hung up, goes to the next", async () => {
  const { claims, notify } = board();
  const [gone, next] = [waiter(claims), waiter(claims)];
  notify();
  gone.claim.leave();
  await turn();
  expect(next.woken).toBe(1);
});

test("work that comes while every claim is busy looking is not missed", async () => {
  const { claims, notify } = board();
  const busy = claims.join("t", "any");
  notify();
  const seen = { woken: 0 };
  await wait(busy, 30_000, seen);
  expect(seen.woken).toBe(1);
});

test("without any hint, one of each kind looks after the poll's time, where something is due", async () => {
  let due = NEVER;
  const { claims } = board(async () => due);
  const waiters = [waiter(claims), waiter(claims), waiter(claims, "gpu")];
  await vi.advanceTimersByTimeAsync(POLL_MS);
  expect(waiters.map(({ woken }) => woken)).toEqual([0, 0, 0]);
  due = DUE;
  await vi.advanceTimersByTimeAsync(POLL_MS);
  expect(waiters.map(({ woken }) => woken)).toEqual([1, 0, 1]);
});

test("what is due and can be taken by nobody wakes one of each kind at each hint and each poll, and not without end", async () => {
  const { claims, notify } = board(async () => DUE);
  const waiters = Array.from({ length: 10 }, () => waiter(claims));
  notify();
  await vi.advanceTimersByTimeAsync(POLL_MS - 1);
  expect(waiters.filter(({ woken }) => woken > 0)).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(waiters.filter(({ woken }) => woken > 0)).toHaveLength(2);
});

test("a claim is covered while another of its kind waits, not by one that looks", async () => {
  const { claims, notify } = board();
  const first = claims.join("t", "any");
  expect([first.isCovered, claims.join("t", "any").isCovered]).toEqual([false, false]);
  first.wait(30_000, () => undefined);
  expect([claims.join("t", "any").isCovered, claims.join("t", "gpu").isCovered]).toEqual([true, false]);
  notify();
  expect(claims.join("t", "any").isCovered).toBe(false);
});

test("a run that comes due before the next poll wakes at its time", async () => {
  const due = [dueIn(1.5)];
  const { claims } = board(async () => due.shift() ?? NEVER);
  const one = waiter(claims);
  await vi.advanceTimersByTimeAsync(1_500);
  expect(one.woken).toBe(0);
  await vi.advanceTimersByTimeAsync(10);
  expect(one.woken).toBe(1);
});

test("a run for later that is created while the question is under way is asked for again", async () => {
  const answers: ((due: NextDue) => void)[] = [];
  const { claims, notify } = board(() => new Promise((resolve) => answers.push(resolve)));
  const waiters = [waiter(claims), waiter(claims)];
  notify();
  answers[0]?.(NEVER);
  await turn();
  expect(answers).toHaveLength(2);
  answers[1]?.(dueIn(1));
  await vi.advanceTimersByTimeAsync(1_010);
  expect(waiters.map(({ woken }) => woken)).toEqual([1, 1]);
});

test("a wait ends after its time, by a nudge, and for good by a stop", async () => {
  const { claims } = board();
  const [timed, nudged, stopped] = [waiter(claims, "a", 100), waiter(claims, "b"), waiter(claims, "c")];
  nudged.claim.nudge();
  stopped.claim.stop();
  await vi.advanceTimersByTimeAsync(100);
  expect([timed.woken, nudged.woken, stopped.woken]).toEqual([1, 1, 1]);
  await wait(stopped.claim, 30_000, stopped);
  expect(stopped.woken).toBe(2);
});

test("a tenant that nobody waits for any more is forgotten after a turn", async () => {
  const { claims, listeners } = board();
  const one = waiter(claims);
  one.claim.leave();
  expect(listeners.size).toBe(1);
  await vi.advanceTimersByTimeAsync(POLL_MS);
  expect(listeners.size).toBe(0);
});

test("a database that is away while it is asked for the next due run is asked again", async () => {
  let asked = 0;
  const { claims } = board(async () => {
    asked += 1;
    throw new Error("away");
  });
  waiter(claims);
  await vi.advanceTimersByTimeAsync(POLL_MS);
  expect(asked).toBe(2);
});

test("closing ends all waits", async () => {
  const { claims } = board();
  const waiters = [waiter(claims), waiter(claims, "gpu")];
  claims.close();
  await turn();
  expect([claims.closed, ...waiters.map(({ woken }) => woken)]).toEqual([true, 1, 1]);
});
