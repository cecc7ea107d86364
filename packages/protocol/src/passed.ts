import type { RunDoorMessage } from "./run-door.ts";

/** Names of everything that leaves the user's side: the messages of the run door, and what CLI and tools ask of GraphQL. */
export type OutgoingMessage = RunDoorMessage | "graphql";

declare const PASSED: unique symbol;

/**
 * Bytes that went through the gate. The client sends nothing else. Only `packages/gate` may make one: a test of the
 * repository's edges looks for every other use of `markPassed`.
 */
export interface Passed<M extends OutgoingMessage = OutgoingMessage> {
  readonly message: M;
  /** The JSON text, exactly as it will be sent. */
  readonly body: string;
  readonly [PASSED]: true;
}

/** For the gate alone: marks a body as passed. */
export function markPassed<M extends OutgoingMessage>(message: M, body: string): Passed<M> {
  return { message, body } as Passed<M>;
}
