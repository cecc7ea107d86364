import type { Activity, Parked } from "./activity.ts";
import type { Clock } from "./flow-run.ts";

/** What one task run waits for, once it could go on: a moment, a person, or slots. One thing at a time. */
export class Waits {
  #activity: Activity | null = null;
  #parked: Parked | null = null;
  #timer: { cancel(): void } | null = null;

  /** Until a moment. A wait that is far away is parked: it does not keep the run from giving its lease back. */
  until(startTime: number, o: { activity: Activity; clock: Clock; isFar: boolean; over: () => void }): void {
    if (o.isFar) this.#park(o.activity, startTime);
    else this.#hold(o.activity);
    this.#timer = o.clock.after(Math.max(0, startTime - o.clock.now()), () => {
      this.end();
      o.over();
    });
  }

  /** Until a person says so. */
  forPerson(activity: Activity): void {
    this.#park(activity, null);
  }

  /** Until the cloud grants slots: the place in the queue goes with the lease, so the lease is kept. */
  forSlots(activity: Activity): void {
    this.#hold(activity);
  }

  #park(activity: Activity, until: number | null): void {
    this.#activity = activity;
    this.#parked = activity.park(until);
  }

  #hold(activity: Activity): void {
    this.#activity = activity;
    activity.begin();
  }

  /** It waits no longer. Does nothing when it does not wait. */
  end(): void {
    const [activity, parked] = [this.#activity, this.#parked];
    this.#timer?.cancel();
    this.#timer = null;
    this.#activity = null;
    this.#parked = null;
    if (activity === null) return;
    if (parked === null) activity.end();
    else activity.unpark(parked);
  }
}
