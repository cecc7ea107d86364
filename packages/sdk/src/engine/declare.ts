import type { TaskRunEvent } from "@weir/protocol";

/** What a task run is, from its call to its end. */
export interface TaskRunFacts {
  readonly number: number;
  readonly task: string;
  readonly ordinal: number;
  readonly key?: string | undefined;
  readonly runName?: string | undefined;
  readonly mapIndex?: number | undefined;
  readonly parent?: number | undefined;
  readonly upstream?: readonly number[] | undefined;
  readonly tags: readonly string[];
}

/** The event by which a task run comes to be, or begins again. Fields that say nothing are left out: there may be 100,000. */
export function declaration(facts: TaskRunFacts, at: number): TaskRunEvent {
  const event: { -readonly [K in keyof TaskRunEvent]: TaskRunEvent[K] } = {
    kind: "task-run",
    at,
    number: facts.number,
    task: facts.task,
    ordinal: facts.ordinal,
  };
  if (facts.key !== undefined) event.key = facts.key;
  if (facts.runName !== undefined) event.runName = facts.runName;
  if (facts.mapIndex !== undefined) event.mapIndex = facts.mapIndex;
  if (facts.parent !== undefined) event.parent = facts.parent;
  if (facts.upstream !== undefined) event.upstream = [...facts.upstream];
  if (facts.tags.length > 0) event.tags = [...facts.tags];
  return event;
}
