import Type from "typebox";
import { exception, group, message, metadata, optional } from "./data-class.ts";
import type { Failure, FailureCode } from "./failure.ts";
import { FAILURE_CODES } from "./failure.ts";
import { fields } from "./fields.ts";
import { LIMITS } from "./limits.ts";

const own = {
  name: exception(fields.text(LIMITS.nameLength)),
  message: exception(fields.text(LIMITS.messageBytes)),
  stack: optional(exception(fields.text(LIMITS.stackBytes))),
  code: optional(metadata(Type.Unsafe<FailureCode>(Type.Enum(Object.keys(FAILURE_CODES))))),
  /** The whole failure, sealed with the key of its run; the fields above then say only that. */
  sealed: optional(exception(fields.text(LIMITS.sealedFailureLength))),
};

/** Failures below a failure are of one class as a whole: their shape is a Failure again, cut at `LIMITS.causeDepth`. */
const below = { cause: optional(exception(Type.Unknown())), errors: optional(exception(Type.Array(Type.Unknown()))) };

/** The wire form of a Failure. */
export const FailureMessage = Type.Unsafe<Failure>(message({ ...own, ...below }));
export const failureGroup = () => group(FailureMessage);
