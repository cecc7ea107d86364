import { credentialHeaders } from "../session/credential.ts";
import { type Answer, AWAY, dataOf } from "./ask.ts";
import { eventsOf } from "./event-stream.ts";
import type { Operation } from "./operation.ts";
import { Refused } from "./refused.ts";
import { sendOperation } from "./send-operation.ts";

/** Milliseconds. */
interface StreamTimes {
  /** The cloud sends its first byte at once; where none comes, something between holds streams back. */
  readonly firstByte: number;
  /** The cloud says something every 12 seconds; a stream that is silent for longer than this is dead. */
  readonly silence: number;
  /** Before the next stream. With each that brings nothing it doubles, up to fifteen times this. */
  readonly pause: number;
}

const TIMES: StreamTimes = { firstByte: 8_000, silence: 40_000, pause: 1_000 };

interface Follow<Data> {
  readonly signal: AbortSignal;
  readonly onData: (data: Data) => void;
  /** Whether a stream is being read now. */
  readonly onLive: (isLive: boolean) => void;
  /** From where to subscribe again after this message. */
  readonly positionOf: (data: Data) => string;
  /** Whether nothing more happens after this message, once all before it was told. */
  readonly isLast: (data: Data) => boolean;
  readonly times?: StreamTimes;
}

/** Why nothing more comes. */
type StreamEnd = "over" | "left" | "unavailable";

/** Streams in a row that never began, after which they are taken to be impossible here. */
const MOST_UNBEGUN = 3;

/**
 * Follows a subscription until it is over, through streams that break: each goes on where the one before had come to. Answers "unavailable"
 * where streams do not come through, so that the caller can poll.
 * @throws Refused the cloud will not tell it, now or later
 */
export async function follow<Data, Variables extends { readonly after?: string | null | undefined }>(
  operation: Operation<Data, Variables>,
  variables: Variables,
  { signal, onData, onLive, positionOf, isLast, times = TIMES }: Follow<Data>,
): Promise<StreamEnd> {
  let after = variables.after ?? null;
  let failures = 0;
  let unbegun = 0;
  while (!signal.aborted) {
    let messages = 0;
    let isOver = false;
    try {
      for await (const data of messagesOf(operation, { ...variables, after }, signal, times)) {
        // A stream also ends when its server does. Over is what has nothing to tell to one that begins where the last had come to.
        isOver = isLast(data) && positionOf(data) === after;
        messages += 1;
        failures = unbegun = 0;
        after = positionOf(data);
        onLive(true);
        onData(data);
      }
      if (isOver) return "over";
    } catch (error) {
      if (error instanceof Refused && !error.isPassing) throw error;
      if (error instanceof Unbegun) unbegun += 1;
      onLive(false);
    }
    if (unbegun >= MOST_UNBEGUN) return "unavailable";
    if (messages === 0) failures += 1;
    await pause(times.pause * Math.min(2 ** failures, 15), signal);
  }
  return "left";
}

/** No byte of the stream came in time. */
class Unbegun extends Error {
  override readonly name = "Unbegun";
}

/** Messages of one stream. By `fetch`, because `EventSource` can send no key. */
async function* messagesOf<Data, Variables>(
  operation: Operation<Data, Variables>,
  variables: Variables,
  signal: AbortSignal,
  times: StreamTimes,
): AsyncGenerator<Data> {
  const silent = new AbortController();
  let timer = setTimeout(() => silent.abort(new Unbegun("No byte of the stream came in time.")), times.firstByte);
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silent.abort(new Error("The stream fell silent.")), times.silence);
  };
  try {
    const headers = { ...credentialHeaders(), accept: "text/event-stream" };
    const reply = await sendOperation(operation, variables, {
      headers,
      signal: AbortSignal.any([signal, silent.signal]),
    });
    if (!isStream(reply)) throw await refusalOf(reply);
    for await (const { event, data } of eventsOf(textOf(reply, heard))) {
      if (event === "complete") return;
      yield dataOf(reply.status, JSON.parse(data) as Answer<Data>);
    }
    throw new Error("The stream was cut.");
  } finally {
    clearTimeout(timer);
  }
}

const isStream = (reply: Response) =>
  reply.ok && reply.headers.get("content-type")?.startsWith("text/event-stream") === true;

async function refusalOf(reply: Response): Promise<Refused> {
  const answer = (await reply.json().catch(() => null)) as Answer<unknown> | null;
  try {
    dataOf(reply.status, answer);
  } catch (error) {
    if (error instanceof Refused) return error;
  }
  return new Refused("UNREACHABLE", AWAY);
}

async function* textOf(reply: Response, heard: () => void): AsyncGenerator<string> {
  const reader = (reply.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      heard();
      yield read.value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done);
  });
}
