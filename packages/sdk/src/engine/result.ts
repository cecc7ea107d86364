import type { KnownTaskRun, ResultEvent } from "@weir/protocol";
import { isSuccessful } from "@weir/protocol/state";
import type { Store, Where, Written } from "@weir/results";
import { WeirError } from "../errors.ts";
import { failureOf } from "../failure-of.ts";
import { type CallInputs, resolveInputs } from "./call-inputs.ts";
import { cacheKeyOf, digestsFor } from "./cache-lookup.ts";
import { hasSucceeded, wasInterrupted } from "./known-runs.ts";
import { cacheInProcess } from "./process-cache.ts";
import { keepResult, readResult } from "./results-of.ts";
import type { Detail, RunNode } from "./run-node.ts";
import type { TaskCode } from "./task-try.ts";
import type { Transition } from "./transition.ts";

/** The task run that a result is of. */
export type ResultOwner = RunNode & { readonly code: TaskCode };

type Place = Pick<Detail, "location" | "resultBytes">;
const NOWHERE: Place = {};

function placeOf({ location, bytes }: Written): Place {
  return { location, resultBytes: bytes };
}

/** The value of one task run: at hand, in its store, or lost; and every write of it. */
export class Result {
  value: unknown = undefined;
  readonly #of: ResultOwner;
  #place = NOWHERE;
  #writing = false;
  /** Known to have succeeded in an earlier attempt, and not asked for yet. */
  #restored: KnownTaskRun | null = null;

  constructor(of: ResultOwner) {
    this.#of = of;
  }

  get store(): Store | null {
    const { code, body, flowRun } = this.#of;
    return flowRun.storeOf(code.settings.store) ?? body.store;
  }

  /** Whether it is written as soon as the task has succeeded. */
  get isKept(): boolean {
    const { code } = this.#of;
    return code.settings.checkpoint && code.kind === "task" && this.store !== null;
  }

  /** Where it was written last. */
  get place(): Place {
    return this.#place;
  }

  set(value: unknown, location: string | undefined): void {
    this.value = value;
    if (location !== undefined) this.#place = { location };
  }

  /** Whether an earlier attempt's success counts: what was set up for a run (a resource) is set up again. */
  restore(known: KnownTaskRun): boolean {
    if (!hasSucceeded(known) || this.#of.code.kind !== "task") return false;
    this.#restored = known;
    return true;
  }

  /** Somebody wants it: `there`, `load` it first, or run the task `again`, since it was never written. */
  want(): "there" | "load" | "again" {
    const known = this.#restored;
    this.#restored = null;
    if (known === null || known.state === "Skipped") return "there";
    this.#place = known.location === undefined ? NOWHERE : { location: known.location };
    return known.location !== undefined || !this.#of.code.settings.mayRerun ? "load" : "again";
  }

  /** Reads it. @throws WeirError `RESULT_READ_FAILED`, `RESULT_MISSING` */
  async load(): Promise<void> {
    const { location } = this.#place;
    if (location === undefined) {
      const what = `The value of ${this.#of.label()} is needed again, but it was never written, and the task may not run again (rerun: "never").`;
      throw new WeirError("RESULT_MISSING", `${what} Give it a store and let it checkpoint, or start a new run.`);
    }
    this.value = await this.read(location);
  }

  async read(location: string): Promise<unknown> {
    return await readResult(this.store, location, this.#of.label());
  }

  /** A task that may run once only, and was running when its process died. */
  mayNotRunAgain(known: KnownTaskRun): WeirError | null {
    if (this.#of.code.settings.mayRerun || !wasInterrupted(known)) return null;
    const what = `${this.#of.label()} was running when its process died, and it may not run again (rerun: "never").`;
    return new WeirError("RESULT_MISSING", `The value of ${what} Look what it has done, then start a new run.`);
  }

  where(tryNumber: number, inputs: CallInputs): Where {
    const { identity, body, flowRun, code } = this.#of;
    const { runId, attempt, scheduledStartTime } = flowRun.setup;
    return {
      runId,
      flow: body.flow,
      task: identity.task,
      taskRunNumber: identity.number,
      attempt,
      tryNumber,
      mapIndex: identity.mapIndex,
      template: code.settings.target ?? undefined,
      scheduledStartTime,
      parameters: body.parameters,
      inputs: resolveInputs(inputs),
    };
  }

  /** Writes it, if results are kept: Success with its place, or Failed with the store's reason. */
  async kept(value: unknown, where: Where): Promise<Transition> {
    if (!this.isKept || this.store === null) return { state: "Success", value };
    return await this.#write(this.store, value, where);
  }

  // The code ran well: running it again because the disk is full would be a second execution without a cause.
  async #write(store: Store, value: unknown, where: Where): Promise<Transition> {
    try {
      this.#place = placeOf(await keepResult(store, value, where));
      return { state: "Success", value, detail: { ...this.#place } };
    } catch (error) {
      return { state: "Failed", error, detail: { failure: failureOf(error) } };
    }
  }

  /** Writes the value of a turn of a looping task. @throws WeirError with the store's reason */
  async turn(value: unknown, where: Where): Promise<void> {
    if (this.isKept && this.store !== null) this.#place = placeOf(await keepResult(this.store, value, where));
  }

  /** Writes it for later runs, with what it was made of; the inputs are written too. */
  async cached(value: unknown, where: Where, inputs: CallInputs): Promise<Transition> {
    const { code, flowRun, body, identity } = this.#of;
    const { cache } = code.settings;
    const { cloud } = flowRun.setup;
    const now = flowRun.clock.now();
    if (cache === null || (this.store === null && cloud !== null)) {
      flowRun.log("warn", "cacheFor has no effect: there is no store that the result could be written to.", this.#of);
      return await this.kept(value, where);
    }
    const written =
      this.store === null ? { state: "Success" as const, value } : await this.#write(this.store, value, where);
    if (written.state !== "Success") return written;
    flowRun.persist(inputs);
    const warn = (text: string) => flowRun.log("warn", text, this.#of);
    const made = { settings: code.settings, inputs: resolveInputs(inputs), parameters: body.parameters, warn };
    const digests = digestsFor(made);
    if (digests === null) return written;
    const expiresAt = Math.ceil(now + cache.forMs);
    const cacheKey = cacheKeyOf(body.flow, identity.task, cache);
    if (cloud === null) {
      cacheInProcess(cacheKey, { at: now, expiresAt, digests, value });
      return { state: "Cached", value, detail: { ...this.#place, expiresAt } };
    }
    return { state: "Cached", value, detail: { ...this.#place, cacheKey, expiresAt, digests } };
  }

  /** Writes it now, since a task that takes it is tried again, queued or cached; unless that was done, or it is none to be written. */
  persist(where: () => Where): void {
    const { store } = this;
    if (store === null || this.#writing || this.#restored !== null || this.#of.code.kind !== "task") return;
    if (this.#place.location !== undefined || !isSuccessful(this.#of.state)) return;
    this.#writing = true;
    this.#of.flowRun.background(this.#persist(store, where));
  }

  async #persist(store: Store, where: () => Where): Promise<void> {
    const { flowRun, identity } = this.#of;
    try {
      const { location, bytes } = await keepResult(store, this.value, where());
      this.#place = { location };
      const event: ResultEvent = {
        kind: "result",
        at: flowRun.clock.now(),
        number: identity.number,
        location,
        resultBytes: bytes,
      };
      flowRun.emit(event);
    } catch (error) {
      // Nothing is lost but time: after a restart the task would run again.
      flowRun.log("warn", `Its value could not be written for a later attempt: ${failureOf(error).message}`, this.#of);
    }
  }
}
