import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const PAGE =
  "<!doctype html><meta charset=utf-8><title>Weir</title><p>weir has what it needs. You can close this page.";

/** Waits on this machine alone for the browser that comes back from the cloud. */
export interface Loopback {
  readonly port: number;
  /** The code. Rejects with the signal's reason when it is aborted. */
  readonly code: Promise<string>;
  close(): void;
}

/**
 * Opens a port of 127.0.0.1.
 * @param state what the browser must bring back: another page of it cannot hand us a code of somebody else's
 */
export async function openLoopback(state: string, interrupted: AbortSignal): Promise<Loopback> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  promise.catch(() => undefined);
  const server = createServer((request, reply) => {
    const asked = new URL(request.url ?? "/", "http://127.0.0.1").searchParams;
    const code = asked.get("code");
    const isOurs = request.method === "GET" && asked.get("state") === state && code !== null;
    reply.writeHead(isOurs ? 200 : 404, { "content-type": "text/html; charset=utf-8", connection: "close" });
    reply.end(isOurs ? PAGE : "");
    if (isOurs) resolve(code);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  interrupted.addEventListener("abort", () => reject(interrupted.reason as Error), { once: true });
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { port: (server.address() as AddressInfo).port, code: promise, close };
}
