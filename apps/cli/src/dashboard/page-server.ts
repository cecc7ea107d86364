import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream/promises";
import { ConnectionError, type Relay } from "@weir/client";
import { Refusal, REFUSALS } from "@weir/protocol";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-codes.ts";
import { type Own, REOPEN, requireOwnHost, requireOwnPage } from "./guards.ts";
import type { ServedPage } from "./served-page.ts";

/** What the page asks of GraphQL at once; the cloud takes no more. */
const MOST_BYTES = 3 * 1024 * 1024;
const NEVER = { "x-content-type-options": "nosniff", "referrer-policy": "no-referrer" };
const ALONE = { "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin" };

interface PageServer {
  readonly port: number;
  close(): void;
}

/**
 * Serves the dashboard on this machine alone, and passes on what it asks.
 * @param port 0: any free one
 * @throws CliError the port is taken
 */
export async function startPageServer(
  page: ServedPage,
  relay: Relay,
  { port, secret }: { readonly port: number; readonly secret: string },
): Promise<PageServer> {
  const server = createServer((request, reply) => {
    const own = { port: (server.address() as AddressInfo).port, secret };
    answer(request, reply, { page, relay, own }).catch((error: unknown) => fail(reply, error));
  });
  await new Promise<void>((listening, failed) => {
    server.once("error", (error) => failed(notListening(port, error))).listen(port, "127.0.0.1", listening);
  });
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { port: (server.address() as AddressInfo).port, close };
}

interface Parts {
  readonly page: ServedPage;
  readonly relay: Relay;
  readonly own: Own;
}

async function answer(request: IncomingMessage, reply: ServerResponse, { page, relay, own }: Parts): Promise<void> {
  requireOwnHost(request.headers, own);
  const { pathname } = new URL(request.url ?? "/", "http://127.0.0.1");
  if (request.method === "POST" && pathname === "/graphql") return await passOn(request, reply, relay, own);
  // Nobody signs in here: whoever has the address has the profile's key behind it.
  if (pathname.startsWith("/auth/")) throw new Refusal("NOT_FOUND", REOPEN);
  const file = request.method === "GET" ? page.at(pathname) : null;
  if (file === null) throw new Refusal("NOT_FOUND", `There is nothing at ${request.method} ${pathname}.`);
  reply.writeHead(200, {
    ...NEVER,
    ...ALONE,
    "content-security-policy": page.policy,
    "content-type": file.type,
    "content-length": file.body.length,
    "cache-control": file.isForEver ? "public, max-age=31536000, immutable" : "no-cache",
  });
  reply.end(file.body);
}

async function passOn(request: IncomingMessage, reply: ServerResponse, relay: Relay, own: Own): Promise<void> {
  requireOwnPage(request.headers, own);
  const gone = new AbortController();
  reply.once("close", () => gone.abort());
  const { accept = "application/json", "idempotency-key": given } = request.headers;
  const idempotencyKey = typeof given === "string" ? given : undefined;
  const body = await readBody(request);
  const answered = await relay.ask({ body, accept, idempotencyKey, signal: gone.signal });
  const { status, contentType, retryAfterSeconds } = answered;
  reply.writeHead(status, {
    ...NEVER,
    "content-type": contentType,
    "cache-control": "no-store",
    ...(retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) }),
  });
  reply.flushHeaders();
  await pipeline(answered.body, reply);
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > MOST_BYTES) throw new Refusal("TOO_LARGE", `A question has ${MOST_BYTES} bytes at most.`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

const NO_ANSWER_STATUS = 502;

/** In the cloud's own form, which the page tells as it tells the cloud's refusals. */
function fail(reply: ServerResponse, error: unknown): void {
  // Begun already, or nobody is there any more.
  if (reply.headersSent || reply.destroyed) return void reply.destroy();
  const isRefusal = error instanceof Refusal;
  const code = isRefusal || error instanceof ConnectionError ? error.code : "INTERNAL";
  const message = error instanceof Error ? error.message : String(error);
  const status = isRefusal ? REFUSALS[error.code].status : NO_ANSWER_STATUS;
  reply.writeHead(status, { ...NEVER, "content-type": "application/json", connection: "close" });
  reply.end(JSON.stringify({ code, message }));
}

function notListening(port: number, error: Error): CliError {
  const message = `The dashboard cannot listen on port ${port} of this machine: ${error.message}. Is it open already? Name another with --port; keys of a browser belong to one address.`;
  return new CliError(EXIT.failed, "NOT_LISTENING", message, error);
}
