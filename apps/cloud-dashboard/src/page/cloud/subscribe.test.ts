import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Operation } from "./operation.ts";
import { follow } from "./subscribe.ts";

interface Told {
  readonly after: string;
  readonly last?: boolean;
}

const COUNT: Operation<Told, { readonly id: string; readonly after?: string | null }> = {
  name: "Count",
  kind: "subscription",
  id: "",
  text: "subscription Count",
};

beforeEach(() => vi.stubGlobal("sessionStorage", { getItem: () => "weir_u_k" }));
afterEach(() => vi.unstubAllGlobals());

/** A stream of these messages. It ends with "complete", is cut, or stays open until it is given up. */
function stream(messages: readonly object[], end: "complete" | "cut" | AbortSignal): Response {
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      const write = (text: string) => controller.enqueue(new TextEncoder().encode(text));
      write(":\n\n");
      for (const message of messages) write(`event: next\ndata: ${JSON.stringify(message)}\n\n`);
      if (end === "complete") write("event: complete\ndata:\n\n");
      if (typeof end === "string") controller.close();
      else end.addEventListener("abort", () => controller.error(end.reason));
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

/** Follows a cloud that answers its requests with these, one after the other. Each request's `after` is noted. */
async function followed(replies: readonly ((signal: AbortSignal) => Response | Promise<Response>)[], silence = 40_000) {
  const asked: (string | null)[] = [];
  const data: Told[] = [];
  const live: boolean[] = [];
  const fetched = vi.fn((_url: string, { body, signal }: { body: string; signal: AbortSignal }) => {
    const { variables } = JSON.parse(body) as { variables: { after: string | null } };
    const reply = replies[asked.push(variables.after) - 1];
    if (reply === undefined) throw new Error("nothing more is answered");
    return Promise.race([
      reply(signal),
      new Promise<never>((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error))),
    ]);
  });
  vi.stubGlobal("fetch", fetched);
  const end = await follow(
    COUNT,
    { id: "r" },
    {
      signal: new AbortController().signal,
      onData: (one) => data.push(one),
      onLive: (one) => live.push(one),
      positionOf: ({ after }) => after,
      isLast: ({ last }) => last === true,
      times: { firstByte: 20, silence, pause: 1 },
    },
  );
  return { end, asked, told: data.map(({ after }) => after), live, headers: fetched.mock.calls[0]?.[1] };
}

const next = (after: string, last = false) => ({ data: { after, last } });
/** What a stream tells that begins at the end. */
const overAt = (after: string) => () => stream([next(after, true)], "complete");
const never = () => new Promise<Response>(() => undefined);

test("a stream that is cut goes on where it had come to", async () => {
  const { end, asked, told, live } = await followed([
    () => stream([next("1"), next("2")], "cut"),
    () => stream([next("3")], "complete"),
    overAt("3"),
  ]);
  expect(end).toBe("over");
  expect(asked).toEqual([null, "2", "3"]);
  expect(told).toEqual(["1", "2", "3", "3"]);
  expect(live).toEqual([true, true, false, true, true]);
});

test("a stream that completes in the middle is asked once more: its server may have ended, and not what it tells of", async () => {
  const { asked } = await followed([
    () => stream([next("1", true)], "complete"),
    () => stream([next("2", true)], "complete"),
    overAt("2"),
  ]);
  expect(asked).toEqual([null, "1", "2"]);
});

test("what passes is tried again: no network, a cloud that is overloaded, an answer that is no stream", async () => {
  const overloaded = { errors: [{ message: "full", extensions: { code: "OVERLOADED" } }] };
  const { end, asked } = await followed([
    () => Promise.reject(new TypeError("fetch failed")),
    () => Response.json({ code: "RATE_LIMITED", message: "slowly" }, { status: 429 }),
    () => new Response("<h1>gateway</h1>", { status: 502 }),
    () => stream([overloaded], "complete"),
    () => stream([next("1", true)], "complete"),
    overAt("1"),
  ]);
  expect([end, asked.length]).toEqual(["over", 6]);
});

test("what the cloud refuses for good is told", async () => {
  const refused = { errors: [{ message: "There is no flow run.", extensions: { code: "NOT_FOUND" } }] };
  await expect(followed([() => stream([refused], "complete")])).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("where no byte comes through three times, streams are unavailable", async () => {
  expect((await followed([never, never, never])).end).toBe("unavailable");
  expect((await followed([never, never, () => stream([next("1")], "cut"), overAt("1")])).end).toBe("over");
});

test("a stream that falls silent is given up, and the next one goes on", async () => {
  const { asked } = await followed([(signal) => stream([next("1")], signal), overAt("1")], 20);
  expect(asked).toEqual([null, "1"]);
});
