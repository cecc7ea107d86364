import Type from "typebox";
import { digest, group, location, message, metadata, optional } from "./data-class.ts";
import { NamedDigest } from "./event.ts";
import { fields } from "./fields.ts";
import { LIMITS } from "./limits.ts";
import { sealKeysGroup } from "./sealed.ts";

/**
 * `POST /v1/runs/:id/slots`: asks for concurrency slots of tagged task runs: one of every tag that has a limit. Whoever is not granted
 * keeps its place, and hears of its grant by an order `slots` in a report's reply. A slot is free again with the next state of its task
 * run that is not Running, or with the lease.
 */
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

/** `POST /v1/runs/:id/cached`: the newest Cached states of a cache key that have not expired, newest first, 100 at most. */
export const CachedRequest = message({
  attempt: metadata(fields.ordinal()),
  cacheKey: digest(fields.text(LIMITS.cacheKeyLength)),
});
export type CachedRequest = Type.Static<typeof CachedRequest>;
export const CachedReply = message({
  states: group(
    Type.Array(
      message({
        location: location(fields.text(LIMITS.locationOnLine)),
        at: metadata(fields.epochMs()),
        expiresAt: optional(metadata(fields.epochMs())),
        /** What it was made of, keyed as the gate keyed it when it was reported. */
        digests: group(Type.Array(NamedDigest)),
      }),
    ),
  ),
  sealKeys: sealKeysGroup(),
});
export type CachedReply = Type.Static<typeof CachedReply>;
