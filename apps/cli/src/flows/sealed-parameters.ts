import { isSealedJson, type Json, jsonProblem, LIMITS } from "@weir/protocol";
import { parameterProblems } from "@weir/protocol/parameter-problems";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-codes.ts";
import { withinTime } from "./within-time.ts";

type JsonObject = Readonly<Record<string, Json>>;

/** What is known of a flow's parameters on this side. */
export interface ParameterFacts {
  readonly schema: unknown;
  readonly defaults: unknown;
  /**
   * Whether they came from the flow's own file. What the cloud says is good enough to check against, but no value of it is sealed (and
   * perhaps signed) in the starter's name: the flow fills its defaults in itself.
   */
  readonly own: boolean;
}

/** A schema that a cloud made up must not hold the command line for ever. */
const CHECK_MS = 1_000;

/**
 * Parameters that are about to be sealed: nobody between here and the agent can check them, so it is done here.
 * @returns the parameters to seal, with the defaults of the flow's own file
 * @throws CliError with exit code 2 and a sentence per field
 */
export function checkedParameters(flow: string, given: JsonObject, facts: ParameterFacts): JsonObject {
  const refuse = (why: string) =>
    new CliError(EXIT.usage, "PARAMETERS_INVALID", `The parameters of flow ${JSON.stringify(flow)} ${why}`);
  const problem = jsonProblem(given, "the object");
  if (problem !== null) throw refuse(`cannot be used: ${problem}.`);
  const defaults = isObject(facts.defaults) && !isSealedJson(facts.defaults) ? facts.defaults : {};
  const filled = { ...defaults, ...given };
  const bytes = Buffer.byteLength(JSON.stringify(filled));
  if (bytes > LIMITS.parametersBytes)
    throw refuse(
      `have ${bytes} bytes as JSON; the most is ${LIMITS.parametersBytes}. Put the data into your own storage and pass where it lies.`,
    );
  const wrong = isObject(facts.schema) ? problemsOf(schemaFor(facts, facts.schema), filled, refuse) : [];
  if (wrong.length > 0) throw refuse(`do not fit: ${wrong.join(" ")}`);
  return facts.own ? filled : given;
}

/** What seems missing may stand in defaults that are sealed too, for somebody else than whoever types this. */
function schemaFor({ defaults }: ParameterFacts, schema: JsonObject): JsonObject {
  if (defaults === null || defaults === undefined || (isObject(defaults) && !isSealedJson(defaults))) return schema;
  const { required: _, ...rest } = schema;
  return rest;
}

function problemsOf(schema: JsonObject, filled: JsonObject, refuse: (why: string) => CliError): string[] {
  try {
    return withinTime(CHECK_MS, () => parameterProblems(schema, filled));
  } catch {
    throw refuse(
      "could not be checked: the flow's parameter schema refers to itself, has a wrong pattern, or takes too long. Simplify it and register the flow again.",
    );
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
