import { REFUSALS, Refusal, type RefusalCode } from "@weir/protocol";
import { type ExecutionResult, GraphQLError } from "./graphql-js.ts";
import { isDatabaseAway } from "../refusals/to-refusal.ts";

/** What is told of an error. */
export interface ToldError {
  readonly code: RefusalCode;
  readonly message: string;
  /** Ours to mend: it goes into the log, with the reference that the client was told. */
  readonly unexpected: boolean;
  /** How long to wait before it is asked again, where whoever refused knows. */
  readonly retryAfterSeconds?: number;
}

interface Wrapper {
  readonly originalError?: unknown;
  readonly cause?: unknown;
  readonly meta?: { readonly driverAdapterError?: unknown };
}

/** Down to what was thrown first: GraphQL wraps, and so do Prisma and its adapter. Eight are more than they do together. */
function causesOf(error: unknown): object[] {
  const found: object[] = [];
  for (let at = error; typeof at === "object" && at !== null && found.length < 8;) {
    found.push(at);
    const { originalError, cause, meta } = at as Wrapper;
    at = originalError ?? cause ?? meta?.driverAdapterError;
  }
  return found;
}

// character_not_in_repertoire and untranslatable_character: a text with NUL, to be compared or stored.
const NUL_CODES: ReadonlySet<unknown> = new Set(["22021", "22P05"]);

function holdsNul(cause: { code?: unknown; originalCode?: unknown }): boolean {
  return NUL_CODES.has(cause.code) || NUL_CODES.has(cause.originalCode);
}

/** The catalogue's code, or INVALID for every other: what GraphQL itself complains of is the request. */
export function codeOf(code: unknown): RefusalCode {
  return typeof code === "string" && Object.hasOwn(REFUSALS, code) ? (code as RefusalCode) : "INVALID";
}

/**
 * What may be told of an error: a refusal, trouble with the database, or GraphQL's own complaint about the request. All else is hidden.
 * `reference` stands for it in the client's sentence.
 */
export function toldError(error: unknown, reference: string): ToldError {
  const causes = causesOf(error);
  const refusal = causes.find((cause) => cause instanceof Refusal);
  if (refusal !== undefined) {
    const { code, message, retryAfterSeconds } = refusal;
    return { ...told(code, message), ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
  }
  if (causes.some(isDatabaseAway))
    return told(
      "DATABASE_UNAVAILABLE",
      "The cloud cannot reach its database at this moment; try again in a few seconds.",
    );
  if (causes.some(holdsNul))
    return told(
      "INVALID",
      "A text of the request holds a NUL character, which can be neither stored nor found; leave it out.",
    );
  const first = causes.at(-1);
  if (first instanceof GraphQLError) return told(codeOf(first.extensions.code), first.message);
  const message = `The cloud failed at this; its log has the reason under ${reference}. Try again, and tell whoever runs it when it stays.`;
  return { code: "INTERNAL", message, unexpected: true };
}

function told(code: RefusalCode, message: string): ToldError {
  return { code, message, unexpected: false };
}

/** What a client gets: path and place of the original, a stable `extensions.code`; never a stack, a cause or an error's own fields. */
export function maskedError(error: unknown, told: ToldError): GraphQLError {
  const original = error instanceof GraphQLError ? error : null;
  const http = original?.extensions.http ?? httpOf(told);
  const { retryAfterSeconds } = told;
  return new GraphQLError(told.message, {
    nodes: original?.nodes ?? null,
    source: original?.source ?? null,
    positions: original?.positions ?? null,
    path: original?.path ?? null,
    extensions: {
      code: told.code,
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
      ...(http === undefined ? {} : { http }),
    },
  });
}

/** What is answered to an operation that is refused before it is begun. */
export function refusedResult(refusal: Refusal): ExecutionResult {
  return { errors: [maskedError(refusal, toldError(refusal, ""))] };
}

/** Proxies and load balancers shall see when the cloud is in trouble; everything else is an answer. */
function httpOf({ code, retryAfterSeconds = 2 }: ToldError) {
  const { status, retryable } = REFUSALS[code];
  return retryable ? { status, headers: { "retry-after": String(Math.ceil(retryAfterSeconds)) } } : undefined;
}
