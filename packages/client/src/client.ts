import { API_VERSION, API_VERSION_HEADER, isId, RUN_DOOR, type Passed, type RunDoorMessage } from "@weir/protocol";
import { request, type Dispatcher } from "undici";
import { baseOf, prefixOf } from "./base-url.ts";
import { ConnectionError } from "./connection-error.ts";
import { Deadline } from "./deadline.ts";
import { makeDispatcher } from "./dispatcher.ts";
import { graphqlData } from "./graphql-reply.ts";
import { acceptedJson, readCapped, refuseRedirect, replyHead, type ReplyHead } from "./reply.ts";
import { checkReply, MAX_REPLY_BYTES, type ReplyOf } from "./run-door-reply.ts";
import { EventStreamReader } from "./server-sent-events.ts";

export interface ClientOptions {
  /** Base URL of the cloud: `https://weir.example.com`. A path is kept in front of Weir's own paths. */
  readonly url: string;
  /** Certificates of a CA of the user's own, PEM. */
  readonly ca?: string;
  /** Longest time for one question and its whole answer, milliseconds. Default 30,000. */
  readonly timeoutMs?: number;
  /** Longest answer that is read, bytes. Default 64 MiB: a claim may carry 100 runs with parameters of 512 KiB each. */
  readonly maxReplyBytes?: number;
}

export interface SendOptions {
  /** The credential that the message needs; see `token` in RUN_DOOR. */
  readonly token: string;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  /** Of a mutation: sent again with the same key, it has its effect once. A UUID does; nothing of the user's. */
  readonly idempotencyKey?: string;
  /** Of a query: fields that the credential may not see are null, where otherwise the first of them is thrown as a refusal. */
  readonly withheldAsNull?: boolean;
}

/** The one way from the user's side to the cloud. Sends only what the gate let pass. */
export interface CloudClient {
  readonly url: string;
  /**
   * Sends a message of the run door; `runId` for those whose path names a run.
   * @throws Refusal when the cloud says no, ConnectionError when no usable answer came
   */
  send<M extends RunDoorMessage>(passed: Passed<M>, o: SendOptions & { runId?: string }): Promise<ReplyOf<M>>;
  /**
   * Asks GraphQL and gives the `data` of the answer.
   * @throws Refusal, GraphqlError, ConnectionError
   */
  graphql<T>(passed: Passed<"graphql">, o: SendOptions): Promise<T>;
  /**
   * Follows a GraphQL subscription over SSE until the cloud completes it. Coming back after a cut is the caller's.
   * @throws Refusal, GraphqlError, ConnectionError; among them UNREACHABLE when the stream is cut before it is complete
   */
  subscribe<T>(passed: Passed<"graphql">, o: SendOptions): AsyncIterable<T>;
  close(): Promise<void>;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_MAX_REPLY_BYTES = 64 * 1024 * 1024;
/** Silence on a subscription after which it counts as cut. GraphQL Yoga writes a comment every 12 s. */
const STREAM_SILENCE_MS = 60_000;

function pathOf(message: RunDoorMessage, runId: string | undefined): string {
  const { path } = RUN_DOOR[message];
  if (!path.includes(":id")) return path;
  if (runId === undefined || !isId(runId))
    throw new TypeError(`"${message}" needs the id of a run, but ${JSON.stringify(runId)} was given.`);
  return path.replace(":id", runId);
}

class HttpClient implements CloudClient {
  readonly url: string;
  readonly #dispatcher: Dispatcher;
  readonly #timeoutMs: number;
  readonly #maxReplyBytes: number;

  constructor(o: ClientOptions) {
    const base = baseOf(o.url);
    this.url = prefixOf(base);
    this.#dispatcher = makeDispatcher(base, o.ca);
    this.#timeoutMs = o.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#maxReplyBytes = o.maxReplyBytes ?? DEFAULT_MAX_REPLY_BYTES;
  }

  async send<M extends RunDoorMessage>(passed: Passed<M>, o: SendOptions & { runId?: string }): Promise<ReplyOf<M>> {
    const most = Math.min(this.#maxReplyBytes, MAX_REPLY_BYTES[passed.message]);
    const { head, json } = await this.#ask(pathOf(passed.message, o.runId), passed, o, most);
    return checkReply(passed.message, head, json);
  }

  async graphql<T>(passed: Passed<"graphql">, o: SendOptions): Promise<T> {
    const { head, json } = await this.#ask("/graphql", passed, o, this.#maxReplyBytes);
    return graphqlData<T>(head, json, o.withheldAsNull);
  }

  async *subscribe<T>(passed: Passed<"graphql">, o: SendOptions): AsyncIterable<T> {
    const url = `${this.url}/graphql`;
    // The time allowed is for the head: the stream itself may last for hours.
    const deadline = new Deadline(o.timeoutMs ?? this.#timeoutMs, o.signal);
    try {
      const response = await this.#open(url, passed, o, "text/event-stream", deadline);
      deadline.headCame();
      const head = replyHead(url, response);
      if (!head.contentType.startsWith("text/event-stream")) {
        const json = acceptedJson(head, await readCapped(head, response.body, this.#maxReplyBytes));
        yield graphqlData<T>(head, json);
        return;
      }
      yield* this.#follow<T>(head, response.body);
    } catch (error) {
      throw deadline.explain(url, error);
    } finally {
      deadline.end();
    }
  }

  async close(): Promise<void> {
    // Not close(): that waits for a long-poll of 30 s to end by itself.
    await this.#dispatcher.destroy();
  }

  async #ask(
    path: string,
    passed: Passed,
    o: SendOptions,
    maxReplyBytes: number,
  ): Promise<{ head: ReplyHead; json: unknown }> {
    const url = this.url + path;
    const deadline = new Deadline(o.timeoutMs ?? this.#timeoutMs, o.signal);
    try {
      const response = await this.#open(url, passed, o, "application/json", deadline);
      const head = replyHead(url, response);
      return { head, json: acceptedJson(head, await readCapped(head, response.body, maxReplyBytes)) };
    } catch (error) {
      throw deadline.explain(url, error);
    } finally {
      deadline.end();
    }
  }

  async #open(url: string, passed: Passed, o: SendOptions, accept: string, deadline: Deadline) {
    const response = await request(url, {
      dispatcher: this.#dispatcher,
      method: "POST",
      body: passed.body,
      headers: {
        authorization: `Bearer ${o.token}`,
        ...(o.idempotencyKey === undefined ? {} : { "idempotency-key": o.idempotencyKey }),
        "content-type": "application/json",
        accept,
        [API_VERSION_HEADER]: String(API_VERSION),
      },
      signal: deadline.signal,
      headersTimeout: 0,
      bodyTimeout: STREAM_SILENCE_MS,
    });
    const location = response.headers.location;
    try {
      refuseRedirect(replyHead(url, response), Array.isArray(location) ? location[0] : location);
    } catch (error) {
      // A body that nobody reads holds its connection for ever; destroyed, it tells an abort that nobody needs to hear.
      response.body.once("error", () => {}).destroy();
      throw error;
    }
    return response;
  }

  async *#follow<T>(head: ReplyHead, body: AsyncIterable<Buffer>): AsyncIterable<T> {
    const reader = new EventStreamReader(this.#maxReplyBytes);
    const decoder = new TextDecoder();
    for await (const piece of body) {
      for (const { event, data } of reader.read(decoder.decode(piece, { stream: true }))) {
        if (event === "complete") return;
        if (event === "next" || event === "message") yield graphqlData<T>(head, JSON.parse(data));
      }
    }
    throw new ConnectionError("UNREACHABLE", `${head.url} ended its stream before the subscription was complete.`);
  }
}

/**
 * Opens the way to one cloud. No connection is made before the first message.
 * @throws TypeError when the URL is none
 * @example const client = createClient({ url: "https://weir.example.com" });
 */
export function createClient(o: ClientOptions): CloudClient {
  return new HttpClient(o);
}
