import { once } from "node:events";
import { createServer } from "node:net";

/** A port that is free now. Services are started anew on the same one, so it cannot be left to the system each time. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("the system gave no port");
  return address.port;
}
