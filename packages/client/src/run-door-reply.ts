import { RUN_DOOR, type RunDoorMessage } from "@weir/protocol";
import { Compile, type Validator } from "typebox/compile";
import { Clean } from "typebox/value";
import type { Static, TSchema } from "typebox";
import { ConnectionError } from "./connection-error.ts";
import type { ReplyHead } from "./reply.ts";

/** The reply of one message of the run door. */
export type ReplyOf<M extends RunDoorMessage> = Static<(typeof RUN_DOOR)[M]["reply"]>;

const KIB = 1024;
const MIB = 1024 * KIB;

/** The longest reply to each message that makes sense. As objects in memory, a reply may be twenty times as large. */
export const MAX_REPLY_BYTES: Readonly<Record<RunDoorMessage, number>> = {
  enrol: 64 * KIB,
  // 100 runs with parameters of 512 KiB each.
  claim: 64 * MIB,
  // Orders with 10,000 numbers, and a reason for each refused event.
  report: 4 * MIB,
  slots: MIB,
  // 100 results, each with up to 200 digests.
  cached: 16 * MIB,
  start: 64 * KIB,
  // A failure that is sealed as a whole.
  outcome: 2 * MIB,
  // A value of 64 KiB, which is longer by half when it is sealed, and by its recipients.
  kvGet: 512 * KIB,
  kvSet: 64 * KIB,
  kvDelete: 64 * KIB,
  release: 64 * KIB,
};

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
