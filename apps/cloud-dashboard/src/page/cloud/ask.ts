import { credentialHeaders, noteSignedOut } from "../session/credential.ts";
import type { RefusalCode } from "@weir/protocol";
import type { Operation } from "./operation.ts";
import { Refused } from "./refused.ts";
import { sendOperation } from "./send-operation.ts";

/** What the cloud answers to an operation, or a message of its stream. */
export interface Answer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: { readonly code?: RefusalCode; readonly retryAfterSeconds?: number };
  }[];
  /** Of a request that never came to GraphQL. */
  readonly code?: RefusalCode;
  readonly message?: string;
}

/** For people. */
export const AWAY =
  "The cloud cannot be reached from here. Is it running, and are you online? The page tries again by itself.";

interface How {
  readonly signal?: AbortSignal;
  /** The same key again is answered as before, so that a click that is sent twice acts once. */
  readonly idempotencyKey?: string;
}

/**
 * Asks the cloud.
 * @throws Refused
 * @example
 * const { flowRun } = await ask(RunPage, { id });
 */
export async function ask<Data, Variables>(
  operation: Operation<Data, Variables>,
  variables: Variables,
  { signal, idempotencyKey }: How = {},
): Promise<Data> {
  const headers = {
    ...credentialHeaders(),
    ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
  };
  const reply = await sendOperation(operation, variables, { headers, signal: signal ?? null }).catch(
    (error: unknown) => {
      if (signal?.aborted === true) throw error;
      throw new Refused("UNREACHABLE", AWAY);
    },
  );
  return dataOf(reply.status, (await reply.json().catch(() => null)) as Answer<Data> | null);
}

/**
 * Of an answer what was asked for; null is no JSON.
 * @throws Refused
 */
export function dataOf<Data>(status: number, answer: Answer<Data> | null): Data {
  const refused = refusalOf(status, answer);
  if (refused?.code === "UNAUTHENTICATED" || refused?.code === "SESSION_EXPIRED" || status === 401) noteSignedOut();
  if (refused !== null) throw refused;
  return answer?.data as Data;
}

function refusalOf(status: number, answer: Answer<unknown> | null): Refused | null {
  if (answer === null) return new Refused("UNREACHABLE", `${AWAY} (status ${status})`);
  if (answer.code !== undefined) return new Refused(answer.code, answer.message ?? "The cloud refused this.");
  const [first] = answer.errors ?? [];
  // What is left out of an answer the page shows as absent. Where nothing is left of it, the refusal is the answer, and not "there is none".
  if (first === undefined || Object.values(answer.data ?? {}).some((field) => field !== null)) return null;
  return new Refused(first.extensions?.code ?? "INTERNAL", first.message, first.extensions?.retryAfterSeconds ?? null);
}

interface RefusalData {
  readonly __typename: "Refusal";
  readonly code: RefusalCode;
  readonly message: string;
}

/**
 * Of the union that a mutation answers, what it answers when it was done. The operation selects `__typename` and `... on Refusal { code message }`.
 * @throws Refused
 */
export function done<Result extends { readonly __typename: string }>(result: Result): Exclude<Result, RefusalData> {
  if (result.__typename !== "Refusal") return result as Exclude<Result, RefusalData>;
  const { code, message } = result as unknown as RefusalData;
  throw new Refused(code, message);
}
