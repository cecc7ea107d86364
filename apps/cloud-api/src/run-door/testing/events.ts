import type { FlowEvent, LogEvent, RunEvent, StateName, TaskEvent, TaskRunEvent } from "@weir/protocol";

// Events as a runner would send them, at a moment that does not matter.

const at = 1_700_000_000_000;

export const flow = (state: StateName, more: Partial<FlowEvent> = {}): RunEvent => ({
  kind: "flow",
  at,
  state,
  ...more,
});

export const declare = (number: number, more: Partial<TaskRunEvent> = {}): RunEvent => ({
  kind: "task-run",
  at,
  number,
  task: "t",
  ordinal: number - 1,
  ...more,
});

export const task = (number: number, state: StateName, more: Partial<TaskEvent> = {}): RunEvent => ({
  kind: "task",
  at,
  number,
  state,
  ...more,
});

export const result = (number: number, location: string): RunEvent => ({
  kind: "result",
  at,
  number,
  location,
  resultBytes: 12,
});

export const log = (text: string, more: Partial<LogEvent> = {}): RunEvent => ({
  kind: "log",
  at,
  level: "info",
  text,
  ...more,
});
