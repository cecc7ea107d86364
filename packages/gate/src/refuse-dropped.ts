import { kvProblem } from "@weir/protocol";
import { GateError } from "./gate-error.ts";
import type { Actions } from "./scope/decisions.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * Refuses what would not be what was asked for. A run that is started without the inputs that were given for it would be another one. Defaults may be left out: the flow's code has them.
 * @throws GateError INVALID naming what was not sent
 */
export function refuseDropped(name: string, body: unknown, actions: Actions): void {
  if (name === "SetFlowSettings") refuseHidden(body, actions);
  if (name === "SetFlowRunState" && actions.exception === "drop")
    throw new GateError(
      "INVALID",
      'The boundary policy drops messages ("exception: drop"), and a state that a person sets has to give its reason. Nothing was sent. Let the policy send or redact them.',
    );
  if (actions.parameter !== "drop") return;
  if (name === "SetKv" || name === "kvSet")
    throw new GateError(
      "INVALID",
      `The boundary policy drops parameters ("parameter: drop"), and values of the key-value store are of that class: the key ${JSON.stringify(kvOf(name, body)["key"])} was not written. Let the policy send or seal them.`,
    );
  const what = inputsOf(name, body).find(({ value }) => isSomething(value))?.what;
  if (what === undefined) return;
  throw new GateError(
    "INVALID",
    `The boundary policy drops parameters ("parameter: drop"), so ${what} cannot be given any: what it would do is not what was asked for. Nothing was sent. Leave them out, or let the policy seal them.`,
  );
}

/** The cloud joins default parameters of a flow's settings with what is given: it can do that only where it may read them. */
function refuseHidden(body: unknown, actions: Actions): void {
  const input = fieldsOf(fieldsOf(body)["input"]);
  const given = input["parameterDefaults"] !== undefined && input["parameterDefaults"] !== null;
  if (!given || actions.parameter === "send") return;
  throw new GateError(
    "INVALID",
    `The boundary policy says "parameter: ${actions.parameter}" for the flow ${JSON.stringify(input["flow"])}, and default parameters in its settings would have to be read by the cloud, which joins them with what is given. Nothing was sent. Put them into the flow's code, where its agents read them.`,
  );
}

/** What a person writes into the key-value store, or a flow. */
const kvOf = (name: string, body: unknown): Fields => fieldsOf(name === "SetKv" ? fieldsOf(body)["input"] : body);

/** Before it is sealed: the cloud could not tell any more. @throws GateError for a value that the key-value store cannot keep */
export function refuseUnkept(name: string, body: unknown): void {
  if (name !== "SetKv" && name !== "kvSet") return;
  const { key, value } = kvOf(name, body);
  const problem = kvProblem(String(key), value);
  if (problem !== null) throw new GateError(problem.code, `${problem.message} It was not sent.`);
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
