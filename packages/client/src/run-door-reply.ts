import { RUN_DOOR, type RunDoorMessage } from "@weir/protocol";
import { Compile, type Validator } from "typebox/compile";
import { Clean } from "typebox/value";
import type { Static, TSchema } from "typebox";
import { ConnectionError } from "./connection-error.ts";
import type { ReplyHead } from "./reply.ts";

/** The reply of one message of the run door. */
export type ReplyOf<M extends RunDoorMessage> = Static<(typeof RUN_DOOR)[M]["reply"]>;

const checks = new Map<RunDoorMessage, Validator>();

function checkOf(message: RunDoorMessage): Validator {
  const known = checks.get(message);
  if (known) return known;
  const made = Compile(RUN_DOOR[message].reply as TSchema);
  checks.set(message, made);
  return made;
}

/**
 * Checks a reply by its schema. Fields that a newer cloud has added are dropped, so that it need not call itself a new version for them.
 * @throws ConnectionError REPLY_INVALID, naming the first field that does not fit
 */
export function checkReply<M extends RunDoorMessage>(message: M, head: ReplyHead, json: unknown): ReplyOf<M> {
  const check = checkOf(message);
  if (check.Check(json)) return json as ReplyOf<M>;
  const cleaned = Clean(check.Type(), json);
  if (check.Check(cleaned)) return cleaned as ReplyOf<M>;
  const first = check.Errors(cleaned)[0];
  const where = first === undefined || first.instancePath === "" ? "the whole of it" : first.instancePath;
  const why = first?.message ?? "does not fit";
  const text = `The reply of ${head.url} to "${message}" does not fit the schema: ${where} ${why}. The cloud may be of another version than this program; update the older of the two.`;
  throw new ConnectionError("REPLY_INVALID", text, { status: head.status });
}
