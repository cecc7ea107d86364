import { isFlowRunMove, isSuccessful, isTerminal } from "@weir/protocol";
import type { Effect } from "./effects.ts";
import type { FlowState, StoredLog, StoredTaskRun, Story } from "./story.ts";

/** The flow under test, and what it does when nothing goes wrong. */
export const THIRTY = {
  file: "packages/testing/src/faults/flows/thirty.flow.ts",
  flow: "thirty",
  executions: 30,
  /** One more: the mapped task run above its eight children. */
  taskRuns: 31,
  lastLine: "total 875",
  values: valuesOfTasks(),
} as const;

/** What each task returns, worked out apart from the flow. */
function valuesOfTasks(): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  for (let index = 0; index < 10; index += 1) values.set(`step ${index}`, (index * (index + 1)) / 2);
  for (let index = 0; index < 8; index += 1) values.set(`square ${index}`, index ** 2);
  for (let index = 0; index < 6; index += 1) values.set(`branch ${index}`, 45 * index);
  values.set("sum", 140 + 45 * 15);
  for (let index = 10; index < 15; index += 1) values.set(`step ${index}`, 815 + ((index - 9) * (index + 10)) / 2);
  return values;
}

type Check = (story: Story) => string[];

/**
 * What a finished run violates, one sentence each. Nothing here knows which process was killed when: these hold after every fault.
 * Pure, so that each check is itself tested with a story that breaks it.
 */
export function violationsOf(story: Story, checks: readonly Check[] = CHECKS): string[] {
  return checks.flatMap((check) => check(story)).map((violation) => `run ${story.id}: ${violation}`);
}

const ended: Check = ({ state, leased }) => [
  ...(state === "Success" ? [] : [`it is ${state}, not Success`]),
  ...(leased ? ["it is over and still has a lease"] : []),
];

/** Versions 1, 2, 3 … without a gap, each a legal move, nothing after an end but a restart. */
const history: Check = ({ states, stateVersion, state }) => {
  const found = states.flatMap(({ version }, index) =>
    version === index + 1 ? [] : [`history has version ${version} in place ${index + 1}`],
  );
  if (states.length !== stateVersion) found.push(`history has ${states.length} versions, the run says ${stateVersion}`);
  if (states.at(-1)?.state !== state) found.push(`history ends with ${states.at(-1)?.state}, the run is ${state}`);
  for (const [before, after] of pairs(states)) {
    if (isFlowRunMove(before.state, after.state) || isRestart(before, after)) continue;
    found.push(`version ${after.version} goes from ${before.state} to ${after.state}`);
  }
  return found;
};

/** Attempts 1, 2, 3 …, each claimed once, and only when the one before was expired, given back or over. */
const leases: Check = ({ states, attempt }) => {
  const claims = states.filter(({ state }) => state === "Submitted");
  const found = claims.flatMap((claim, index) =>
    claim.attempt === index + 1 ? [] : [`claim ${index + 1} is attempt ${claim.attempt}`],
  );
  if (claims.length !== attempt) found.push(`${claims.length} claims, but attempt ${attempt}`);
  for (const { version, attempt: claimed } of claims) {
    const before = states[version - 2];
    if (before?.state !== "Scheduled") found.push(`attempt ${claimed} was claimed while the run was ${before?.state}`);
    else if (claimed > 1 && !before.message) found.push(`history names no cause for attempt ${claimed}`);
  }
  return found;
};

/** No task is executed by an attempt after a later one was claimed: two processes would work on the same run. */
export const fencing: Check = ({ states, effects }) => {
  const claimedAt = new Map(
    states.filter(({ state }) => state === "Submitted").map(({ attempt, at }) => [attempt, at]),
  );
  return effects.flatMap((effect) => {
    const next = claimedAt.get(effect.attempt + 1);
    if (next === undefined || effect.at <= next) return [];
    return [
      `${effect.task} was executed by attempt ${effect.attempt}, ${effect.at - next} ms after attempt ${effect.attempt + 1} was claimed`,
    ];
  });
};

/** Executed at least once; a second time only in a later attempt. (That every attempt has a cause is checked by `leases`.) */
const executions: Check = ({ effects, attempt }) => {
  const byTask = Map.groupBy(executed(effects), ({ task }) => task);
  const found = byTask.size === THIRTY.executions ? [] : [`${byTask.size} of ${THIRTY.executions} tasks were executed`];
  for (const [task, times] of byTask) {
    const attempts = times.map((effect) => effect.attempt);
    if (new Set(attempts).size !== attempts.length)
      found.push(`${task} was executed twice in one attempt (attempts ${attempts.join(", ")})`);
    if (attempts.some((one) => one > attempt))
      found.push(`${task} was executed by an attempt that history does not know`);
  }
  return found;
};

/** Each task run ends successfully, and its success is recorded once over all attempts. */
const successes: Check = ({ taskRuns, taskStates }) => {
  const found = taskRuns.length === THIRTY.taskRuns ? [] : [`${taskRuns.length} task runs, not ${THIRTY.taskRuns}`];
  const times = Map.groupBy(
    taskStates.filter(({ state, refused }) => refused === null && isSuccessful(state)),
    ({ taskRunNumber }) => taskRunNumber,
  );
  for (const { number, task, state } of taskRuns) {
    const count = times.get(number)?.length ?? 0;
    if (!isSuccessful(state)) found.push(`task run ${number} (${task}) is ${state}`);
    if (count !== 1) found.push(`the success of task run ${number} (${task}) is recorded ${count} times`);
  }
  return found;
};

/** A task whose success is recorded was executed by the attempt that recorded it, and by none after that. */
const resumed: Check = ({ taskRuns, taskStates, effects }) => {
  const attempts = Map.groupBy(executed(effects), ({ task }) => task);
  return taskRuns.flatMap((taskRun) => {
    const success = taskStates.find(
      ({ taskRunNumber, state }) => taskRunNumber === taskRun.number && state === "Success",
    );
    if (success === undefined) return [];
    const last = attempts.get(placeOf(taskRun))?.at(-1)?.attempt;
    return last === success.attempt
      ? []
      : [`${placeOf(taskRun)}: attempt ${success.attempt} recorded its success, attempt ${last} executed it last`];
  });
};

/** A task run as the flow under test names it in its effects. */
function placeOf({ task, ordinal, mapIndex }: StoredTaskRun): string {
  return task === "sum" ? task : `${task} ${mapIndex ?? ordinal}`;
}

/** Every event of every attempt is one row in one table: nothing lost in between, nothing twice. */
const numbers: Check = ({ states, taskStates, logs, artifacts, attempt, eventNumber }) => {
  const rows = [
    ...states.flatMap((state) =>
      state.eventNumber === null ? [] : [{ attempt: state.attempt, number: state.eventNumber }],
    ),
    ...taskStates,
    ...logs,
    ...artifacts,
  ];
  const found: string[] = [];
  for (const [of, events] of Map.groupBy(rows, (row) => row.attempt)) {
    const sorted = events.map(({ number }) => number).sort((a, b) => a - b);
    const wrong = sorted.find((number, index) => number !== index + 1);
    if (wrong !== undefined) found.push(`events of attempt ${of} have a gap or a double at number ${wrong}`);
    if (of === attempt && sorted.length !== eventNumber)
      found.push(`attempt ${of} has ${sorted.length} events, the run says ${eventNumber}`);
  }
  return found;
};

/** An honest engine makes no illegal transition, so the cloud has nothing to refuse. */
const refusals: Check = ({ taskStates, logs }) => [
  ...taskStates.flatMap(({ refused, attempt, number }) =>
    refused === null ? [] : [`event ${number} of attempt ${attempt} was refused: ${refused}`],
  ),
  ...logs.flatMap(({ logger, text }) => (logger === "weir" && text.includes("refused") ? [text] : [])),
];

/** Lines once and in order: of the attempt that ended the run all of them, of one that died the first n. */
const lines: Check = ({ logs, effects, states, attempt }) => {
  const found: string[] = [];
  for (const [kind, logger] of [
    ["log", null],
    ["stdout", "stdout"],
  ] as const) {
    const written = Map.groupBy(
      effects.filter((effect) => effect.kind === kind),
      (effect) => effect.attempt,
    );
    for (let of = 1; of <= attempt; of += 1) {
      const stored = logs
        .filter((log) => log.attempt === of && log.logger === logger && log.text.startsWith("line "))
        .map(({ text }) => text);
      const expected = (written.get(of) ?? []).map(({ text = "" }) => text);
      const complete = states.some((state) => state.attempt === of && state.state === "Success");
      const wanted = complete ? expected : expected.slice(0, stored.length);
      if (stored.join("\n") !== wanted.join("\n"))
        found.push(
          `${kind} lines of attempt ${of}: stored ${JSON.stringify(stored)}, written ${JSON.stringify(expected)}`,
        );
    }
  }
  // An attempt that died behind its last line leaves one too.
  for (const [of, totals] of Map.groupBy(totalLines(logs), ({ attempt }) => attempt)) {
    const texts = totals.map(({ text }) => text);
    if (texts.join() !== THIRTY.lastLine)
      found.push(`the flow's own value in attempt ${of} is ${JSON.stringify(texts)}, not ${THIRTY.lastLine}`);
  }
  if (!totalLines(logs).some((log) => log.attempt === attempt))
    found.push(`attempt ${attempt} ended without the flow's own value`);
  return found;
};

const totalLines = (logs: readonly StoredLog[]) => logs.filter(({ text }) => text.startsWith("total "));

/** A location that was reported leads to a whole result, which is what the task returned. */
const results: Check = ({ taskRuns }) =>
  taskRuns.flatMap((taskRun) => {
    if (taskRun.state !== "Success") return [];
    const { location, result } = taskRun;
    const place = placeOf(taskRun);
    if (location === null || result === null) return [`${place} succeeded without a result`];
    if ("problem" in result) return [`the result of ${place} cannot be read: ${result.problem}`];
    const expected = THIRTY.values.get(place);
    return result.value === expected
      ? []
      : [`the result of ${place} is ${JSON.stringify(result.value)}, not ${expected}`];
  });

/** Everything that holds of every run after every kill. */
export const CHECKS: readonly Check[] = [
  ended,
  history,
  leases,
  fencing,
  executions,
  successes,
  resumed,
  numbers,
  refusals,
  lines,
  results,
];

const executed = (effects: readonly Effect[]) => effects.filter(({ kind }) => kind === "task");

function isRestart(before: FlowState, after: FlowState): boolean {
  return (
    isTerminal(before.state) &&
    before.state !== "Success" &&
    after.state === "Scheduled" &&
    (after.message ?? "").startsWith("restarted")
  );
}

function* pairs<T>(items: readonly T[]): Iterable<[T, T]> {
  for (let index = 1; index < items.length; index += 1) {
    const [before, after] = items.slice(index - 1, index + 1);
    if (before !== undefined && after !== undefined) yield [before, after];
  }
}
