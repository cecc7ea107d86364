import type { StateName } from "@weir/protocol/state";
import { isFailed, isSuccessful } from "@weir/protocol/state";

/** How a task run that another one depends on has ended, as a trigger sees it. Of a mapped run each child is one. */
export interface UpstreamState {
  readonly task: string;
  /** Number of the task run within its flow run. */
  readonly number: number;
  readonly state: StateName;
  readonly mapIndex?: number;
}

/** Decides by the states of what a task depends on whether it runs. */
export type TriggerFunction = (upstream: readonly UpstreamState[]) => boolean | Promise<boolean>;

/** How many: a count from 1, or a fraction below 1 of all of them. */
export interface Amount {
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** A trigger of Weir's own. */
export interface NamedTrigger {
  readonly name: TriggerName;
  /** What it wants, as the end of a sentence: `all of them to have succeeded`. */
  readonly wants: string;
  readonly decide: (upstream: readonly UpstreamState[]) => boolean | "skip";
}

export type TriggerName =
  | "all_successful"
  | "all_failed"
  | "any_failed"
  | "any_successful"
  | "all_finished"
  | "always_run"
  | "manual_only"
  | "not_all_skipped"
  | "some_failed"
  | "some_successful";

/** What the option `trigger` takes. */
export type Trigger = NamedTrigger | TriggerFunction | Exclude<TriggerName, "some_failed" | "some_successful">;

const succeeded = ({ state }: UpstreamState): boolean => isSuccessful(state);
const failed = ({ state }: UpstreamState): boolean => isFailed(state);
const skipped = ({ state }: UpstreamState): boolean => state === "Skipped";

function named(name: TriggerName, wants: string, decide: NamedTrigger["decide"]): NamedTrigger {
  return { name, wants, decide };
}

/** Runs when everything that it depends on has succeeded; Skipped and Cached count as success. The default. */
export const allSuccessful = named("all_successful", "all of them to succeed", (all) => all.every(succeeded));
/** Runs when everything that it depends on has failed. Cancelled is no failure. */
export const allFailed = named("all_failed", "all of them to fail", (all) => all.every(failed));
/** Runs when something that it depends on has failed, or when it depends on nothing. */
export const anyFailed = named("any_failed", "one of them to fail", (all) => all.length === 0 || all.some(failed));
/** Runs when something that it depends on has succeeded, or when it depends on nothing. */
export const anySuccessful = named(
  "any_successful",
  "one of them to succeed",
  (all) => all.length === 0 || all.some(succeeded),
);
/** Runs when everything that it depends on is over, however it ended. */
export const allFinished = named("all_finished", "all of them to end", () => true);
/** Another name of `allFinished`. */
export const alwaysRun = named("always_run", "all of them to end", () => true);
/** Waits for a person, who approves the task run. */
export const manualOnly = named("manual_only", "a person to approve it", () => true);
/** Runs when not everything was skipped and the rest succeeded: what joins the branches of a choice. If all were skipped, so is it. */
export const notAllSkipped = named("not_all_skipped", "those that were not skipped to succeed", (all) => {
  if (all.length > 0 && all.every(skipped)) return "skip";
  return all.every(succeeded);
});

/** A bound below 1 is a fraction of all. */
const bound = (amount: number, of: number): number => (amount < 1 ? amount * of : amount);

function checked(amount: Amount, name: string): Amount {
  const values = [amount.atLeast, amount.atMost];
  if (values.every((value) => value === undefined || (Number.isFinite(value) && value >= 0))) return amount;
  throw new TypeError(`${name} takes counts or fractions from 0: { atLeast: 2 }, { atMost: 0.5 }.`);
}

function amongThem(
  name: TriggerName,
  amount: Amount,
  word: string,
  counts: (one: UpstreamState) => boolean,
): NamedTrigger {
  const { atLeast, atMost } = checked(amount, name);
  const least = atLeast === undefined ? "" : `at least ${atLeast} `;
  const most = atMost === undefined ? "" : `at most ${atMost} `;
  const wants = `${[least, most].filter((part) => part !== "").join("and ")}of them to ${word}`;
  return named(name, wants, (all) => {
    const count = all.filter((one) => counts(one)).length;
    return (
      count >= bound(atLeast ?? (atMost === undefined ? 1 : 0), all.length) &&
      count <= bound(atMost ?? Infinity, all.length)
    );
  });
}

/**
 * Runs when so many of those that it depends on have failed. Below 1 a bound is a fraction of all of them; without any it is at least one.
 * @example task("page-someone", { trigger: someFailed({ atLeast: 0.5 }) }, page)
 */
export function someFailed(amount: Amount = {}): NamedTrigger {
  return amongThem("some_failed", amount, "fail", failed);
}

/**
 * Runs when so many of those that it depends on have succeeded. Below 1 a bound is a fraction of all of them; without any it is at least one.
 * @example task("publish", { trigger: someSuccessful({ atLeast: 3 }) }, publish)
 */
export function someSuccessful(amount: Amount = {}): NamedTrigger {
  return amongThem("some_successful", amount, "succeed", succeeded);
}

const BY_NAME: ReadonlyMap<unknown, NamedTrigger> = new Map(
  [allSuccessful, allFailed, anyFailed, anySuccessful, allFinished, alwaysRun, manualOnly, notAllSkipped].map(
    (trigger) => [trigger.name, trigger],
  ),
);

/** @throws TypeError naming the triggers that there are. */
export function triggerOf(trigger: Trigger | undefined, where: string): NamedTrigger | TriggerFunction {
  if (trigger === undefined) return allSuccessful;
  if (typeof trigger === "function") return trigger;
  const found = typeof trigger === "string" ? BY_NAME.get(trigger) : trigger;
  if (typeof found === "object" && typeof found.decide === "function") return found;
  throw new TypeError(
    `trigger ${where} is ${JSON.stringify(trigger)}. Choose one of ${[...BY_NAME.keys()].join(", ")}, someFailed(…), someSuccessful(…), or a function.`,
  );
}
