import { ConnectionError, GraphqlError } from "./connection-error.ts";
import { refusalAmong, type ReplyHead } from "./reply.ts";

interface ErrorMessage {
  readonly message?: unknown;
  readonly path?: unknown;
  readonly extensions?: { readonly code?: unknown };
}

function messageOf(error: ErrorMessage): string {
  return typeof error.message === "string" ? error.message : "GraphQL told an error without a message.";
}

/** Whether a field below the root was not shown for want of a permission. What was asked for itself is at the root. */
function isWithheld({ path, extensions }: ErrorMessage): boolean {
  return extensions?.code === "FORBIDDEN" && Array.isArray(path) && path.length > 1;
}

/**
 * The data of a GraphQL answer.
 * @param withheldAsNull whether fields below the root that may not be seen are null in it, and no reason to throw
 * @throws Refusal when an error carries one of its codes in `extensions`; GraphqlError for other errors; ConnectionError REPLY_INVALID
 */
export function graphqlData<T>(head: ReplyHead, json: unknown, withheldAsNull = false): T {
  const { data, errors } = (typeof json === "object" && json !== null ? json : {}) as {
    data?: unknown;
    errors?: unknown;
  };
  const isWhole = !Array.isArray(errors) || (withheldAsNull && data !== null && errors.every(isWithheld));
  if (!isWhole && errors.length > 0) {
    throw refusalAmong(errors) ?? new GraphqlError((errors as ErrorMessage[]).map(messageOf));
  }
  if (data !== undefined && data !== null) return data as T;
  throw new ConnectionError(
    "REPLY_INVALID",
    `${head.url} answered a GraphQL question without data and without errors.`,
    {
      status: head.status,
    },
  );
}
