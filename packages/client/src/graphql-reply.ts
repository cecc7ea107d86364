import { ConnectionError, GraphqlError } from "./connection-error.ts";
import { refusalAmong, type ReplyHead } from "./reply.ts";

interface ErrorMessage {
  readonly message?: unknown;
}

function messageOf(error: ErrorMessage): string {
  return typeof error.message === "string" ? error.message : "GraphQL told an error without a message.";
}

/**
 * The data of a GraphQL answer.
 * @throws Refusal when an error carries one of its codes in `extensions`; GraphqlError for other errors; ConnectionError REPLY_INVALID
 */
export function graphqlData<T>(head: ReplyHead, json: unknown): T {
  const { data, errors } = (typeof json === "object" && json !== null ? json : {}) as {
    data?: unknown;
    errors?: unknown;
  };
  if (Array.isArray(errors) && errors.length > 0) {
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
