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

function failureAt(thrown: unknown, depth: number): Failure {
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
    ...(thrown.cause === undefined || depth >= LIMITS.causeDepth ? {} : { cause: failureAt(thrown.cause, depth + 1) }),
  };
}

/** What may be told of something that was thrown: JSON, cut to the limits of the line. Causes below the fifth are left out. */
export function failureOf(thrown: unknown): Failure {
  try {
    return failureAt(thrown, 0);
  } catch {
    // A getter of the error threw: telling of a failure must not become another one.
    return { name: "Error", message: "something was thrown whose message cannot be read" };
  }
}
