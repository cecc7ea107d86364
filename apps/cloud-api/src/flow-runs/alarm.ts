import { setTimeout as sleep } from "node:timers/promises";

/** Something to wait for: it rings when woken, and by itself after a while. */
export interface Alarm {
  /** Resolves at the next ring, or at once when it rang since the last wait; and when `gone` is aborted. */
  wait(): Promise<void>;
  close(): void;
}

/** Times of an alarm, in milliseconds. */
export interface AlarmTimes {
  /** It rings by itself after this: a NOTIFY is a hint that may be lost, the look at the database is the truth. */
  readonly pollMs: number;
  /** No two rings are closer than this: a run reports up to 20 times a second, and nobody reads that fast. */
  readonly quietMs: number;
}

/** Sets an alarm. `listen` is told what to call, and answers how to stop. Everything is freed by `close`. */
export function setAlarm(listen: (ring: () => void) => () => void, gone: AbortSignal, times: AlarmTimes): Alarm {
  let woken = new AbortController();
  const stop = listen(() => woken.abort());
  return {
    async wait() {
      await pause(times.quietMs, gone);
      await pause(times.pollMs - times.quietMs, AbortSignal.any([gone, woken.signal]));
      woken = new AbortController();
    },
    close: stop,
  };
}

async function pause(ms: number, ended: AbortSignal): Promise<void> {
  // Being aborted is one of the two ways in which a pause is over.
  await sleep(ms, undefined, { signal: ended }).catch(() => undefined);
}
