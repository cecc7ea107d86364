import { GateError } from "./gate-error.ts";
import type { Actions } from "./scope/decisions.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * A run that is started without the inputs that were given for it would be another one. Defaults may be left out: the flow's code has them.
 * @throws GateError INVALID naming what was not sent
 */
export function refuseDropped(name: string, body: unknown, actions: Actions): void {
  if (actions.parameter !== "drop") return;
  const what = inputsOf(name, body).find(({ value }) => isSomething(value))?.what;
  if (what === undefined) return;
  throw new GateError(
    "INVALID",
    `The boundary policy drops parameters ("parameter: drop"), so ${what} cannot be given any: what it would do is not what was asked for. Nothing was sent. Leave them out, or let the policy seal them.`,
  );
}

function inputsOf(name: string, body: unknown): { what: string; value: unknown }[] {
  const input = fieldsOf(fieldsOf(body)["input"]);
  if (name === "start") return [{ what: "a run that a flow starts", value: fieldsOf(body)["parameters"] }];
  if (name === "CreateFlowRun") return [{ what: "the run", value: input["parameters"] }];
  if (name !== "RegisterFlow") return [];
  const { schedules } = fieldsOf(input["registration"]);
  return (Array.isArray(schedules) ? schedules : []).map((schedule: unknown) => ({
    what: `the schedule "${String(fieldsOf(schedule)["name"])}"`,
    value: fieldsOf(schedule)["parameters"],
  }));
}

function isSomething(value: unknown): boolean {
  return value !== undefined && value !== null && Object.keys(fieldsOf(value)).length > 0;
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}
