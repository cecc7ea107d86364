import {
  EVENT_MESSAGES,
  FLOW_RUN_REPORTABLE,
  isFinished,
  isFlowRunMove,
  isSuccessful,
  isTaskRunMove,
  type KnownTaskRun,
  LIMITS,
  type RunEvent,
  type StateName,
  type TaskEvent,
  type TaskRunEvent,
} from "@weir/protocol";

interface Seen {
  state: StateName | null;
  tryNumber: number;
  declared: boolean;
  event: TaskRunEvent | null;
  mapCount: number | undefined;
}

const NAMES = ["task", "key", "runName", "name", "logger"];
const LENGTHS: Readonly<Record<string, number>> = {
  message: LIMITS.messageBytes,
  text: LIMITS.logLineBytes,
  location: LIMITS.locationLength,
};

/** What the schemas say of a field, as far as an engine could break it. */
function limit(key: string, value: unknown): void {
  const most = NAMES.includes(key) ? LIMITS.nameLength : LENGTHS[key];
  if (typeof value === "string" && most !== undefined && (value.length > most || value === "")) {
    throw new Error(`${key} has ${value.length} characters`);
  }
  if (typeof value === "number" && !Number.isInteger(value)) throw new Error(`${key} is no whole number`);
  if (Array.isArray(value)) for (const inner of value) limit("name", inner);
}

/** Follows one attempt's events by the rules of `protocol/state.ts`, as the cloud will. Throws at the first that breaks one. */
class Rules {
  readonly #runs = new Map<number, Seen>();
  #flow: StateName = "Submitted";
  #lastNumber: number;

  constructor(known: readonly KnownTaskRun[]) {
    this.#lastNumber = known.reduce((last, { number }) => Math.max(last, number), 0);
    for (const { number, state, tryNumber, mapCount } of known) {
      this.#runs.set(number, { state, tryNumber, declared: false, event: null, mapCount });
    }
  }

  check(event: RunEvent): void {
    this.#fields(event);
    if (isFinished(this.#flow)) throw new Error("an event after the flow's end");
    if (event.kind === "flow") this.#moveFlow(event.state);
    if (event.kind === "task-run") this.#declare(event);
    if (event.kind === "task") this.#moveTask(event);
    if (event.kind === "result" && !isSuccessful(this.#runs.get(event.number)?.state ?? "Pending"))
      throw new Error("a result of a task run that has not succeeded");
    if (
      (event.kind === "log" || event.kind === "artifact") &&
      event.number !== undefined &&
      !this.#runs.has(event.number)
    ) {
      throw new Error("a line of a task run that nobody knows");
    }
  }

  #fields(event: RunEvent): void {
    const { properties, required } = EVENT_MESSAGES[event.kind];
    for (const [key, value] of Object.entries(event)) {
      if (!(key in properties)) throw new Error(`${key} is no field of a ${event.kind} event`);
      if (value === undefined) throw new Error(`${key} is undefined`);
    }
    for (const key of required) if (!(key in event)) throw new Error(`${key} is missing`);
    for (const [key, value] of Object.entries(event)) limit(key, value);
    if (!Number.isInteger(event.at)) throw new Error("at is no whole number");
  }

  #moveFlow(state: StateName): void {
    if (!FLOW_RUN_REPORTABLE.includes(state)) throw new Error(`${state} is the cloud's own`);
    if (!isFlowRunMove(this.#flow, state)) throw new Error(`the flow went from ${this.#flow} to ${state}`);
    this.#flow = state;
    if (!isFinished(state)) return;
    const open = [...this.#runs].filter(([, run]) => run.declared && (run.state === null || !isFinished(run.state)));
    if (open.length > 0)
      throw new Error(`the flow ended before the task runs ${open.map(([number]) => number).join()}`);
  }

  #declare(event: TaskRunEvent): void {
    const before = this.#runs.get(event.number);
    if (before === undefined) {
      if (event.number !== this.#lastNumber + 1) throw new Error(`the number ${event.number} is not the next`);
      this.#lastNumber = event.number;
    } else if (before.declared) throw new Error(`task run ${event.number} was declared twice`);
    if (!isTaskRunMove(before?.state ?? null, "Pending", before !== undefined))
      throw new Error("it cannot begin again");
    for (const number of event.upstream ?? []) {
      if (number === event.number || !this.#runs.has(number)) throw new Error(`${number} cannot be upstream`);
    }
    this.#asChild(event);
    const tryNumber = before?.tryNumber ?? 0;
    this.#runs.set(event.number, { state: "Pending", tryNumber, declared: true, event, mapCount: undefined });
  }

  #asChild({ parent, mapIndex, upstream }: TaskRunEvent): void {
    if (parent === undefined && mapIndex !== undefined) throw new Error("a child has a parent");
    if (parent !== undefined && !this.#runs.has(parent)) throw new Error("its parent is unknown");
    if (parent === undefined || mapIndex === undefined) return;
    const mapped = this.#runs.get(parent);
    if (mapped?.state !== "Mapped" || mapIndex >= (mapped.mapCount ?? 0))
      throw new Error("its parent has no such child");
    if (upstream !== undefined) throw new Error("a child's upstream is its parent's");
  }

  #moveTask(event: TaskEvent): void {
    const run = this.#runs.get(event.number);
    if (run === undefined || !run.declared) throw new Error(`task run ${event.number} was not declared`);
    if (!isTaskRunMove(run.state, event.state))
      throw new Error(`task run ${event.number}: ${run.state} to ${event.state}`);
    if (event.state === "Running" && event.tryNumber === undefined) throw new Error("a try without a number");
    run.state = event.state;
    run.mapCount = event.mapCount ?? run.mapCount;
    run.tryNumber = event.tryNumber ?? run.tryNumber;
  }

  get flow(): StateName {
    return this.#flow;
  }
}

/** @throws Error with the place and the rule that was broken. Answers the flow's last state. */
export function checkEvents(events: readonly RunEvent[], known: readonly KnownTaskRun[] = []): StateName {
  const rules = new Rules(known);
  for (const [index, event] of events.entries()) {
    try {
      rules.check(event);
    } catch (error) {
      throw new Error(`Event ${index} (${JSON.stringify(event)}): ${String(error)}`, { cause: error });
    }
  }
  return rules.flow;
}
