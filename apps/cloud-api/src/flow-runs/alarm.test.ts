import { expect, test } from "vitest";
import { setAlarm } from "./alarm.ts";

/** Somebody to ring, and what became of it. */
function bell() {
  const rung: (() => void)[] = [];
  let stopped = false;
  const listen = (ring: () => void) => {
    rung.push(ring);
    return () => {
      stopped = true;
    };
  };
  return { listen, ring: () => rung.forEach((ring) => ring()), isStopped: () => stopped };
}

const NEVER = 3_600_000;
const here = new AbortController().signal;

test("it rings when woken", async () => {
  const { listen, ring } = bell();
  const alarm = setAlarm(listen, here, { pollMs: NEVER, quietMs: 0 });
  const waited = alarm.wait();
  ring();
  await waited;
});

test("a ring between two waits is not lost", async () => {
  const { listen, ring } = bell();
  const alarm = setAlarm(listen, here, { pollMs: NEVER, quietMs: 0 });
  ring();
  await alarm.wait();
});

test("it rings by itself when nobody does", async () => {
  const alarm = setAlarm(bell().listen, here, { pollMs: 20, quietMs: 0 });
  await alarm.wait();
  await alarm.wait();
});

test("each ring counts once", async () => {
  const { listen, ring } = bell();
  const gone = new AbortController();
  const alarm = setAlarm(listen, gone.signal, { pollMs: NEVER, quietMs: 0 });
  ring();
  await alarm.wait();
  let over = false;
  const second = alarm.wait().then(() => (over = true));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(over).toBe(false);
  gone.abort();
  await second;
});

test("it waits for nobody who is gone, and closing stops the listening", async () => {
  const { listen, isStopped } = bell();
  const gone = new AbortController();
  const alarm = setAlarm(listen, gone.signal, { pollMs: NEVER, quietMs: NEVER });
  const waited = alarm.wait();
  gone.abort();
  await waited;
  alarm.close();
  expect(isStopped()).toBe(true);
});
