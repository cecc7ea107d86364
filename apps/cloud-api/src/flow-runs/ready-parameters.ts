import {
  isSealedJson,
  isSealedText,
  isStorable,
  jsonProblem,
  LIMITS,
  Refusal,
  SEALED_JSON,
  type SealedJson,
} from "@weir/protocol";
import { parameterProblems } from "@weir/protocol/parameter-problems";
import { withinTime } from "./within-time.ts";

/** What a flow version says about its parameters. */
export interface ParameterRules {
  readonly parameterSchema: unknown;
  readonly parameterDefaults: unknown;
  /** Of the flow's settings: they go before those of the version. */
  readonly settingDefaults?: unknown;
}

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Fills in the defaults (falsy ones too) and checks what results against the flow's JSON Schema. Sealed ones are taken as they are, alone: whoever
 * starts the run has filled and checked them, and the runner checks them again.
 * @throws Refusal PARAMETERS_INVALID or TOO_LARGE, with a sentence per field
 */
export function readyParameters(flow: string, given: unknown, rules: ParameterRules): JsonObject {
  const own = given ?? {};
  const refuse = (why: string) =>
    new Refusal("PARAMETERS_INVALID", `The parameters of flow ${JSON.stringify(flow)} ${why}`);
  if (!isObject(own)) throw refuse(`must be a JSON object, for example {"top": 5}; they are ${kindOf(own)}.`);
  const problem = jsonProblem(own, "the object");
  if (problem !== null) throw refuse(`cannot be used: ${problem}.`);
  if (isSealedJson(own)) return sealedParameters(own, refuse);
  const { parameterDefaults: defaults } = rules;
  const versions = isObject(defaults) && !isSealedJson(defaults) ? defaults : {};
  const filled = { ...versions, ...(isObject(rules.settingDefaults) ? rules.settingDefaults : {}), ...own };
  checkText(JSON.stringify(filled), LIMITS.parametersBytes, refuse);
  const schema = isSealedJson(defaults) ? withoutRequired(rules.parameterSchema) : rules.parameterSchema;
  const wrong = isObject(schema) ? problemsOrRefusal(schema, filled, refuse) : [];
  if (wrong.length > 0) throw refuse(`do not fit: ${wrong.join(" ")}`);
  return filled;
}

/** For what is not whole: the rest may stand in defaults that are sealed, which the runner sees, or is yet to be given. */
export function withoutRequired(schema: unknown): unknown {
  if (!isObject(schema)) return schema;
  const { required: _required, ...rest } = schema;
  return rest;
}

/** Sealed parameters are longer: a third for their letters, and a few hundred bytes for each recipient. */
const SEALED_BYTES = LIMITS.parametersBytes * 1.5;

function sealedParameters(sealed: SealedJson, refuse: (why: string) => Refusal): JsonObject {
  const problem = sealedProblem(sealed);
  if (problem !== null) throw refuse(`cannot be used: ${SEALED_JSON} ${problem}.`);
  checkText(JSON.stringify(sealed), SEALED_BYTES, refuse);
  return sealed as unknown as JsonObject;
}

/** Why something is not sealed although it says so, or null. Whether it can be opened, only the user's side can tell. */
export function sealedProblem({ [SEALED_JSON]: box }: SealedJson): string | null {
  if (isSealedText(box)) return null;
  if (!isObject(box)) return "is neither a sealed text nor a JWE in general JSON form";
  const whole = typeof box.ciphertext === "string" && Array.isArray(box.recipients) && box.recipients.length > 0;
  return whole ? null : "is no JWE in general JSON form: it takes ciphertext and at least one of recipients";
}

function problemsOrRefusal(schema: JsonObject, value: JsonObject, refuse: (why: string) => Refusal): string[] {
  try {
    return fieldProblems(schema, value);
  } catch (error) {
    const tooLong = (error as { code?: string }).code === "ERR_SCRIPT_EXECUTION_TIMEOUT";
    const why = tooLong
      ? `within ${CHECK_MS} ms: its pattern or references take too long`
      : "at all: it refers to itself, or a pattern of it is wrong";
    throw refuse(
      `could not be checked, since the flow's parameter schema cannot be applied ${why}. Simplify it and register the flow again.`,
    );
  }
}

function checkText(text: string, mostBytes: number, refuse: (why: string) => Refusal): void {
  const bytes = Buffer.byteLength(text);
  if (bytes > mostBytes) {
    throw new Refusal(
      "TOO_LARGE",
      `${refuse("").message}have ${bytes} bytes as JSON; the most is ${mostBytes}. Put the data into your own storage and pass where it lies.`,
    );
  }
  if (!isStorable(text)) {
    throw refuse("hold a character that cannot be stored (NUL, or half of a surrogate pair).");
  }
}

/** Longest time that a check may take: the schema is the user's, and the cloud's event loop belongs to everybody. */
const CHECK_MS = 250;
/** Words that may take exponential time: regular expressions, references that refer to each other. */
const SLOW_WORDS = /"(?:\$ref|\$dynamicRef|pattern|patternProperties)"/;
/** Bytes of schema × bytes of value up to which a check without such words is quick (a millisecond). */
const QUICK_PRODUCT = 1_000_000;

/** A sentence per field that does not fit; checked within the time that a stranger's schema gets. */
function fieldProblems(schema: JsonObject, value: JsonObject): string[] {
  const check = () => parameterProblems(schema, value);
  const text = JSON.stringify(schema);
  const quick = !SLOW_WORDS.test(text) && text.length * JSON.stringify(value).length < QUICK_PRODUCT;
  return quick ? check() : withinTime(CHECK_MS, check);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "an array" : `a ${typeof value}`;
}
