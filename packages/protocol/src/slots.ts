import Type from "typebox";
import { digest, group, location, message, metadata, optional } from "./data-class.ts";
import { fields } from "./fields.ts";
import { LIMITS } from "./limits.ts";

/** `POST /v1/runs/:id/slots`: asks for concurrency slots of tagged task runs. */
export const SlotsRequest = message({
  attempt: metadata(fields.ordinal()),
  tasks: group(
    Type.Array(message({ number: metadata(fields.ordinal()), tags: metadata(fields.labels()) }), { maxItems: 1_000 }),
  ),
});
export type SlotsRequest = Type.Static<typeof SlotsRequest>;
export const SlotsReply = message({
  granted: metadata(Type.Array(fields.ordinal())),
  /** Seconds to wait before asking again for the others; their grant may come earlier, with a report's reply. */
  waitSeconds: metadata(fields.seconds()),
});
export type SlotsReply = Type.Static<typeof SlotsReply>;

/** `POST /v1/runs/:id/cached`: newest usable Cached states for a cache key. */
export const CachedRequest = message({
  attempt: metadata(fields.ordinal()),
  cacheKey: digest(fields.text(LIMITS.nameLength)),
});
export type CachedRequest = Type.Static<typeof CachedRequest>;
export const CachedReply = message({
  states: group(
    Type.Array(
      message({
        location: location(fields.text(LIMITS.locationLength)),
        at: metadata(fields.epochMs()),
        inputsDigest: optional(digest(Type.String())),
      }),
    ),
  ),
});
export type CachedReply = Type.Static<typeof CachedReply>;
