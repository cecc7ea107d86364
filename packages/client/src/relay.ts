import { request } from "undici";
import { baseOf, prefixOf } from "./base-url.ts";
import { Deadline } from "./deadline.ts";
import { makeDispatcher } from "./dispatcher.ts";
import { refuseRedirect, replyHead } from "./reply.ts";

/** What a person's browser asks of GraphQL, as it came. */
export interface RelayedQuestion {
  readonly body: Buffer;
  /** `application/json`, or `text/event-stream` for what goes on until `signal` comes. */
  readonly accept: string;
  readonly idempotencyKey: string | undefined;
  readonly signal: AbortSignal;
}

/** What the cloud answers, as it comes. */
export interface RelayedReply {
  readonly status: number;
  readonly contentType: string;
  readonly retryAfterSeconds: number | undefined;
  readonly body: AsyncIterable<Buffer>;
}

/** The way of a person's browser to the cloud, by way of this process. */
export interface Relay {
  readonly url: string;
  /** @throws ConnectionError no answer came, or one that leads elsewhere */
  ask(question: RelayedQuestion): Promise<RelayedReply>;
  close(): Promise<void>;
}

const HEAD_MS = 30_000;
/** GraphQL Yoga writes a comment every 12 s. */
const SILENCE_MS = 60_000;

/**
 * Opens the way on which `weir dashboard` passes on what a page asks, with a key that the page does not have. Past the gate: a person types these, into a
 * page that seals by itself, and without this they would go from the browser to the cloud. Nothing else may use it.
 * @throws TypeError when the URL is none
 */
export function openRelay(cloud: { readonly url: string; readonly key: string }): Relay {
  const base = baseOf(cloud.url);
  const url = prefixOf(base);
  const dispatcher = makeDispatcher(base, undefined);
  const address = `${url}/graphql`;
  return {
    url,
    ask: async ({ body, accept, idempotencyKey, signal }) => {
      const deadline = new Deadline(HEAD_MS, signal);
      try {
        const response = await request(address, {
          dispatcher,
          method: "POST",
          body,
          headers: {
            authorization: `Bearer ${cloud.key}`,
            "content-type": "application/json",
            accept,
            ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
          },
          signal: deadline.signal,
          headersTimeout: 0,
          bodyTimeout: SILENCE_MS,
        });
        // What follows may take for hours, until `signal` comes.
        deadline.headCame();
        const head = replyHead(address, response);
        const { location } = response.headers;
        refuseRedirect(head, Array.isArray(location) ? location[0] : location);
        return { ...head, body: response.body };
      } catch (error) {
        deadline.end();
        throw deadline.explain(address, error);
      }
    },
    close: () => dispatcher.destroy(),
  };
}
