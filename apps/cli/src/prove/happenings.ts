import { isFinished, type StateName } from "@weir/protocol";
import type { History, TaskHistory } from "./history.ts";
import type { Part } from "./parts.ts";

/** Something that must have happened: a canary that was planted on a way that nothing took would prove nothing. */
export interface Happening {
  readonly part: Part;
  /** For people: `a task fails and is tried again`. */
  readonly what: string;
  /** Whether the cloud's history of the part's run tells of it. */
  readonly isIn: (history: History) => boolean;
}

/** What became of one. */
export interface Happened {
  readonly part: Part;
  readonly what: string;
  readonly happened: boolean;
  /** States of the run, attempt by attempt, as the cloud has them. For the sentence that says what happened instead. */
  readonly states: string;
}

const happening = (part: Part, what: string, isIn: Happening["isIn"]): Happening => ({ part, what, isIn });

/** The attempts of a run, and no others, ended so. What a restart adds comes after the end. */
const ends = (part: Part, what: string, ...wanted: readonly StateName[]): Happening =>
  happening(
    part,
    what,
    ({ attempts }) => attempts.map((states) => states.findLast(isFinished)).join() === wanted.join(),
  );

/** Some run of the task went through these states, in this order. */
const passes =
  (task: string, ...wanted: readonly StateName[]) =>
  ({ tasks }: History): boolean =>
    tasks.some((run) => run.task === task && goesThrough(run, wanted));

function goesThrough({ states }: TaskHistory, wanted: readonly StateName[]): boolean {
  let from = 0;
  return wanted.every((state) => {
    const at = states.indexOf(state, from);
    from = at + 1;
    return at !== -1;
  });
}

const childrenOf = ({ tasks }: History, task: string): number => {
  const numbers = new Set(tasks.flatMap((run) => (run.task === task && run.parent === null ? [run.number] : [])));
  return tasks.filter(({ parent }) => parent !== null && numbers.has(parent)).length;
};

/** Of each part, what happens in it. */
export const HAPPENINGS: readonly Happening[] = [
  ends("work", "a run succeeds", "Success"),
  happening("work", "a task fails and is tried again", passes("unsteady", "Retrying", "Success")),
  happening("work", "a task waits for a slot of its tag", passes("queued", "Queued", "Success")),
  happening("work", "a result is taken from the cache", passes("cached", "Cached")),
  happening("work", "a task is mapped", (all) => passes("each", "Mapped")(all) && childrenOf(all, "each") === 2),
  happening("work", "a task loops", passes("turning", "Looped", "Success")),
  happening("work", "a task is skipped", passes("skipped", "Skipped")),
  happening("work", "a subflow is called", passes("inner", "Running", "Success")),
  happening("work", "a flow asks the key-value store", passes("keeping", "Success")),
  happening("work", "a run starts another run", ({ children }) => children.includes("Success")),
  ends("fails", "a run fails, is restarted, and succeeds", "Failed", "Success"),
  happening("fails", "a restart reads what the first attempt wrote", ({ tasks }) =>
    tasks.some(({ task, attempt, states }) => task === "kept" && attempt === 1 && states.at(-1) === "Success"),
  ),
  ends("throws", "an error that no promise carries ends the run", "Failed"),
  ends("exits", "the process ends itself", "Crashed"),
  ends("killed", "the process is killed", "Crashed"),
  ends("memory", "the process has not memory enough", "Crashed"),
  ends("cancelled", "a run is cancelled while a task of it runs", "Cancelled"),
  ends("hushed", "a flow of which the policy says more succeeds", "Success"),
  ends("asked", "a flow that asks for more than the policy fails", "Failed"),
  happening("left", "an agent is killed, and its successor goes on", ({ attempts }) => {
    const last = attempts.at(-1);
    return attempts.length > 1 && last?.at(-1) === "Success";
  }),
];

/** Holds the histories of a side against what should have happened in the parts that were played. */
export function happened(parts: readonly Part[], histories: ReadonlyMap<Part, History>): Happened[] {
  return HAPPENINGS.filter(({ part }) => parts.includes(part)).map(({ part, what, isIn }) => {
    const history = histories.get(part);
    const states = history?.attempts.map((attempt) => attempt.join(" → ")).join("; ") ?? "";
    return { part, what, happened: history !== undefined && isIn(history), states };
  });
}
