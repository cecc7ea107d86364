import { cleanText, cutText, type Failure, FAILURE_CODES, type FailureCode, LIMITS } from "@weir/protocol";

/** What becomes of one text of a failure: at most so many bytes. */
export type TextWork = (text: string, maxBytes: number) => string;

/** Texts are cut further by each until the whole failure fits. */
const SHARES = [1, 1 / 4, 1 / 16, 1 / 64];

interface Reading {
  readonly text: TextWork;
  readonly share: number;
  /** Failures below the first that may still be taken. */
  left: number;
}

/**
 * A failure made anew, of the fields that a failure has and nothing else: the process that told it is not trusted, and what hangs below
 * `cause` and `errors` has no schema. Bounded in depth, number and size.
 * @param text what becomes of each text
 * @param most characters of its JSON
 */
export function readFailure(value: unknown, text: TextWork, most: number): Failure {
  for (const share of SHARES) {
    const failure = readAt(value, 0, { text, share, left: LIMITS.innerFailures });
    if (Buffer.byteLength(JSON.stringify(failure)) <= most) return failure;
  }
  return failureInstead("Withheld", `[withheld by Weir: it has more than ${most} bytes]`, value);
}

/** A text of a failure as it is, but storable and cut. */
export const plainText: TextWork = (text, maxBytes) => cutText(cleanText(text), maxBytes);

function readAt(value: unknown, depth: number, reading: Reading): Failure {
  const { name, message, stack, code, cause, errors } = fieldsOf(value);
  const { text, share } = reading;
  const textOf = (field: unknown, maxBytes: number): string =>
    typeof field === "string" ? text(field, Math.floor(maxBytes * share)) : "";
  return {
    name: typeof name === "string" ? text(name, LIMITS.nameLength) : "Error",
    message: textOf(message, LIMITS.messageBytes),
    ...(typeof stack === "string" ? { stack: textOf(stack, LIMITS.stackBytes) } : {}),
    ...codeOf(code),
    ...below({ cause, errors }, depth + 1, reading),
  };
}

function below(
  { cause, errors }: { cause: unknown; errors: unknown },
  depth: number,
  reading: Reading,
): Pick<Failure, "cause" | "errors"> {
  if (depth > LIMITS.causeDepth) return {};
  const [inner] = cause === undefined ? [] : listOf([cause], depth, reading);
  const list = Array.isArray(errors) ? listOf(errors, depth, reading) : [];
  return { ...(inner === undefined ? {} : { cause: inner }), ...(list.length === 0 ? {} : { errors: list }) };
}

function listOf(values: readonly unknown[], depth: number, reading: Reading): Failure[] {
  const taken = values.slice(0, reading.left);
  reading.left -= taken.length;
  return taken.map((value) => readAt(value, depth, reading));
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  // A cause may be anything that somebody has thrown.
  if (typeof value === "string") return { name: "Thrown", message: value };
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

/** A code is metadata and crosses whatever the policy says, so only those that Weir knows are taken for one. */
export function codeOf(code: unknown): { code?: FailureCode } {
  return typeof code === "string" && Object.hasOwn(FAILURE_CODES, code) ? { code: code as FailureCode } : {};
}

/** What stands in the place of a failure that is not told. */
export function failureInstead(name: string, message: string, failure: unknown): Failure {
  return { name, message, ...codeOf(fieldsOf(failure)["code"]) };
}
