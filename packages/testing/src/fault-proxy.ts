import { once } from "node:events";
import { createServer, request } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** What a proxy does to a request that it would otherwise pass on. */
export type Fault =
  /** Cuts the connection before anything was passed on. */
  | { readonly kind: "lose-request" }
  /** Passes the request on, waits for the whole reply, and cuts the connection instead of giving it back. */
  | { readonly kind: "lose-reply" }
  /** Passes on after a while. */
  | { readonly kind: "delay"; readonly ms: number }
  /** Passes the request on twice, one after the other, and gives back the second reply. */
  | { readonly kind: "duplicate" }
  /** Gives back the first bytes of the reply's body under the length of the whole, and cuts the connection. */
  | { readonly kind: "truncate"; readonly bytes: number }
  /** Answers with a page, as a captive portal or a broken load balancer does. Nothing is passed on. */
  | { readonly kind: "html"; readonly status: number }
  /** Never answers. */
  | { readonly kind: "hang" };

/** A request that came, with what became of it. */
export interface ProxiedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** Whether a fault strikes a request. */
export type Strikes = (request: ProxiedRequest) => boolean;

/** A proxy between two sides of a test, whose faults are switched on and off. */
export interface FaultProxy {
  readonly url: string;
  /** Every request that reached the proxy, in order: everything that was sent. */
  readonly requests: readonly ProxiedRequest[];
  /** Strikes requests from now on, all or those that match, until `heal`. */
  strike(fault: Fault, strikes?: Strikes): void;
  /** Strikes the next `times` requests that match, then is over. */
  strikeNext(fault: Fault, strikes?: Strikes, times?: number): void;
  heal(): void;
  /** Nobody listens any more: connections are refused, those that were open are cut. */
  down(): Promise<void>;
  /** Listens again, on the same port. */
  up(): Promise<void>;
  close(): Promise<void>;
}

interface Striking {
  readonly fault: Fault;
  readonly strikes: Strikes;
  left: number;
}

/**
 * Starts a proxy in front of an HTTP server.
 * @example const proxy = await startFaultProxy(cloud.url); proxy.strikeNext({ kind: "lose-reply" }, (r) => r.path.endsWith("/reports"));
 */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const requests: ProxiedRequest[] = [];
  const striking: Striking[] = [];
  const server = createServer((incoming, reply) => {
    void handle(incoming, reply, target, requests, striking).catch(() => reply.destroy());
  });
  await listen(server, 0);
  const { port } = server.address() as AddressInfo;
  const down = async () => {
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  };
  const strikeNext = (fault: Fault, strikes: Strikes = () => true, times = 1) =>
    void striking.push({ fault, strikes, left: times });
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    strike: (fault, strikes) => strikeNext(fault, strikes, Number.POSITIVE_INFINITY),
    strikeNext,
    heal: () => void striking.splice(0),
    down,
    up: () => listen(server, port),
    close: down,
  };
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
}

async function handle(
  incoming: IncomingMessage,
  reply: ServerResponse,
  target: string,
  requests: ProxiedRequest[],
  striking: readonly Striking[],
): Promise<void> {
  const body = await readAll(incoming);
  const { method = "GET", url: path = "/", headers } = incoming;
  const asked = { method, path, headers, body: body.toString("utf8") };
  requests.push(asked);
  const hit = striking.find((one) => one.left > 0 && one.strikes(asked));
  if (hit !== undefined) hit.left -= 1;
  const pass = () => passOn(new URL(path, target), asked, body);
  await answer(hit?.fault ?? null, pass, reply);
}

async function answer(fault: Fault | null, pass: () => Promise<IncomingMessage>, reply: ServerResponse): Promise<void> {
  switch (fault?.kind) {
    case undefined:
      return await giveBack(await pass(), reply);
    case "delay":
      await sleep(fault.ms);
      return await giveBack(await pass(), reply);
    case "duplicate":
      await readAll(await pass());
      return await giveBack(await pass(), reply);
    case "lose-request":
      return void reply.destroy();
    case "lose-reply":
      await readAll(await pass());
      return void reply.destroy();
    case "truncate":
      return await giveBackStart(await pass(), reply, fault.bytes);
    case "html":
      return void reply
        .writeHead(fault.status, { "content-type": "text/html" })
        .end("<!doctype html><title>Please log in</title><h1>Guest network</h1>");
    case "hang":
      return;
  }
}

async function passOn(url: URL, asked: ProxiedRequest, body: Buffer): Promise<IncomingMessage> {
  const outgoing = request(url, { method: asked.method, headers: { ...asked.headers, host: url.host }, agent: false });
  outgoing.end(body);
  const [reply] = (await once(outgoing, "response")) as [IncomingMessage];
  return reply;
}

/** As it comes, so that streams of events stay streams. */
async function giveBack(from: IncomingMessage, reply: ServerResponse): Promise<void> {
  reply.writeHead(from.statusCode ?? 502, from.headers);
  reply.flushHeaders();
  await pipeline(from, reply);
}

async function giveBackStart(from: IncomingMessage, reply: ServerResponse, bytes: number): Promise<void> {
  const whole = await readAll(from);
  const { "transfer-encoding": _, ...headers } = from.headers;
  reply.writeHead(from.statusCode ?? 502, { ...headers, "content-length": whole.length });
  // Cut only once the bytes are on their way, or none of them would arrive.
  reply.write(whole.subarray(0, bytes), () => reply.destroy());
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
