import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import type { Failure, FailureCode } from "@weir/protocol/failure";
import { cleanText, cutText, LIMITS } from "@weir/protocol/limits";
import { StoreError } from "@weir/results";
import { WeirError } from "./errors.ts";

/** Where Weir's own code lies: its frames help no user. Stacks name files by URL, or by path where code was transformed. */
const OWN_URL = new URL("./", import.meta.url);
const OWN = [OWN_URL.href, fileURLToPath(OWN_URL)];

/** A message of the user's as it may cross: whatever it was, as text that every side can store, cut visibly. */
export function messageText(message: unknown): string {
  return text(message, LIMITS.messageBytes);
}

function text(value: unknown, maxBytes: number): string {
  return cutText(cleanText(String(value)), maxBytes);
}

function codeOf(error: Error): FailureCode | undefined {
  return error instanceof WeirError || error instanceof StoreError ? error.code : undefined;
}

/** The frames that are the user's. If there are none, the stack is left out. */
function userFrames(error: Error): string | undefined {
  const frames = String(error.stack)
    .split("\n")
    .filter((line) => /^\s+at .*:\d+\)?$/.test(line) && !line.includes("node:"))
    .filter((line) => !OWN.some((own) => line.includes(own)));
  return frames.length === 0 ? undefined : frames.join("\n");
}

/** How many more failures one may hold. */
interface Room {
  left: number;
}

function failureAt(thrown: unknown, depth: number, room: Room): Failure {
  if (!(thrown instanceof Error)) {
    const message = typeof thrown === "string" ? thrown : inspect(thrown, { depth: 2 });
    return { name: "Thrown", message: messageText(message) };
  }
  const code = codeOf(thrown);
  const stack = userFrames(thrown);
  return {
    name: text(thrown.name, LIMITS.nameLength),
    message: messageText(thrown.message),
    ...(stack === undefined ? {} : { stack: text(stack, LIMITS.stackBytes) }),
    ...(code === undefined ? {} : { code }),
    ...below(thrown, depth + 1, room),
  };
}

/** The cause, and the errors of an AggregateError. */
function below(error: Error, depth: number, room: Room): Pick<Failure, "cause" | "errors"> {
  if (depth > LIMITS.causeDepth) return {};
  const [cause] = error.cause === undefined ? [] : failuresOf([error.cause], depth, room);
  const errors = error instanceof AggregateError ? failuresOf(error.errors, depth, room) : [];
  return { ...(cause === undefined ? {} : { cause }), ...(errors.length === 0 ? {} : { errors }) };
}

function failuresOf(thrown: readonly unknown[], depth: number, room: Room): Failure[] {
  const taken = thrown.slice(0, room.left);
  room.left -= taken.length;
  return taken.map((one) => failureAt(one, depth, room));
}

/**
 * What may be told of something that was thrown: JSON, cut to the limits of the line. What lies deeper than five failures is left out, and
 * what is beyond fifty of them.
 */
export function failureOf(thrown: unknown): Failure {
  try {
    return failureAt(thrown, 0, { left: LIMITS.innerFailures });
  } catch {
    // A getter of the error threw: telling of a failure must not become another one.
    return { name: "Error", message: "something was thrown whose message cannot be read" };
  }
}
