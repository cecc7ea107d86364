import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** A server of the user's own, on every address of this machine and on a socket: what a flow of theirs may connect to. */
export interface OwnServer {
  readonly port: number;
  close(): void;
}

/** Starts it. @param socket path of its socket */
export async function startOwnServer(socket: string): Promise<OwnServer> {
  const answer: RequestListener = (_request, response) => response.end("yours");
  const [wide, local] = [createServer(answer), createServer(answer)];
  await Promise.all([once(wide.listen(0, "0.0.0.0"), "listening"), once(local.listen(socket), "listening")]);
  return {
    port: (wide.address() as AddressInfo).port,
    close() {
      for (const server of [wide, local]) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}
