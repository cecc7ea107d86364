import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Answers a request itself, or leaves it to the server behind. */
export type Fault = (request: IncomingMessage, answer: ServerResponse) => boolean | Promise<boolean>;

/** An HTTP server on a free port, whose requests can be made to fail. */
export interface Front {
  readonly url: string;
  /** In force until the next call; null: all is well. */
  fail(fault: Fault | null): void;
  close(): Promise<void>;
}

export async function startFront(behind: (...args: Parameters<RequestListener>) => unknown): Promise<Front> {
  let fault: Fault | null = null;
  const server = createServer((request, answer) => {
    void (async () => {
      if (fault === null || !(await fault(request, answer))) await behind(request, answer);
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fail: (next) => void (fault = next),
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** Refuses requests of one method, or all. */
export function refusing(status: number, body: string, method?: string, headers: Record<string, string> = {}): Fault {
  return (request, answer) => {
    if (method !== undefined && request.method !== method) return false;
    request.resume();
    answer.writeHead(status, headers).end(request.method === "HEAD" ? undefined : body);
    return true;
  };
}
