import { FlowRegistration, isSealedJson, jsonProblem, LIMITS, Refusal } from "@weir/protocol";
import { Value } from "typebox/value";
import { checkSignature } from "../flow-runs/check-boundary.ts";
import { sealedProblem } from "../flow-runs/ready-parameters.ts";
import { checkSchedules } from "../schedules/check-schedules.ts";

/** Problems told at once; the rest are counted. */
const MOST_PROBLEMS = 5;
// As JSON.stringify writes them: NUL, and halves of surrogate pairs. An even number of backslashes before is text about an escape, not one.
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/;

/**
 * Takes what a client says about a flow.
 * @throws Refusal INVALID with a sentence per problem, TOO_LARGE, or PARAMETERS_INVALID of a schedule.
 */
export function checkedRegistration(value: unknown): FlowRegistration {
  // First, since it needs no recursion: everything after it may recurse.
  const problem = jsonProblem(value, "The registration");
  if (problem !== null) throw new Refusal("INVALID", `${problem}.`);
  const text = JSON.stringify(value) ?? "null";
  checkText(text);
  const problems = shapeProblems(value);
  if (problems.length > 0) throw new Refusal("INVALID", `The registration cannot be taken: ${summary(problems)}.`);
  const { signature } = value as FlowRegistration;
  if (signature !== undefined) checkSignature(signature);
  checkSchedules(value as FlowRegistration, Date.now());
  return value as FlowRegistration;
}

/** What is sealed is longer by a third, and a few hundred bytes for each who can open it. */
const mostBytes = (text: string) => LIMITS.registrationBytes * (/"\$sealed":|"box":/.test(text) ? 1.5 : 1);

function checkText(text: string): void {
  const bytes = Buffer.byteLength(text);
  const most = mostBytes(text);
  if (bytes > most)
    throw new Refusal(
      "TOO_LARGE",
      `The registration has ${bytes} bytes, at most ${most} are allowed; the file list is usually the large part: register a smaller directory.`,
    );
  if (UNSTORABLE.test(text))
    throw new Refusal(
      "INVALID",
      "The registration holds a NUL character or half of a surrogate pair in some text, which cannot be stored; leave it out.",
    );
}

function shapeProblems(value: unknown): string[] {
  const problems = Value.Errors(FlowRegistration, value)
    // A union tells of each of its branches and then that none fits; an unknown field is told twice. The other sentence says more.
    .filter((error) => error.keyword !== "anyOf" && error.keyword !== "boolean")
    .map((error) => `${error.instancePath === "" ? "it" : error.instancePath} ${error.message}`);
  if (problems.length > 0) return problems;
  const { parameterSchema, parameterDefaults } = value as FlowRegistration;
  return [
    ...(parameterSchema === undefined || isObject(parameterSchema)
      ? []
      : ["/parameterSchema must be a JSON Schema object"]),
    ...(parameterDefaults === undefined || isObject(parameterDefaults) ? [] : ["/parameterDefaults must be an object"]),
    ...sealedProblems(value as FlowRegistration),
  ];
}

function sealedProblems({ parameterDefaults, runConfig, storage }: FlowRegistration): string[] {
  const parts = {
    parameterDefaults,
    runConfig,
    ...(storage.kind === "sealed" ? { storage: { $sealed: storage.box } } : {}),
  };
  return Object.entries(parts).flatMap(([name, part]) => {
    const problem = isSealedJson(part) ? sealedProblem(part) : null;
    return problem === null ? [] : [`/${name} ${problem}`];
  });
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function summary(problems: readonly string[]): string {
  const told = problems.slice(0, MOST_PROBLEMS).join("; ");
  const rest = problems.length - MOST_PROBLEMS;
  return rest > 0 ? `${told}; and ${rest} more` : told;
}
