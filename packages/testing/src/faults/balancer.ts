import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** What stands before several replicas: passes connections on, each to whichever answers, and knows nothing of HTTP. */
export interface Balancer {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts one before servers on ports of this machine, in turn. A server that is not there is passed over. */
export async function startBalancer(ports: readonly number[]): Promise<Balancer> {
  const open = new Set<Socket>();
  let turn = 0;
  const server = createServer((near) => {
    keep(open, near);
    turn += 1;
    join(
      open,
      near,
      ports.map((_, index) => ports[(turn + index) % ports.length] ?? 0),
    );
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.close();
      for (const socket of open) socket.destroy();
      await once(server, "close");
    },
  };
}

function keep(open: Set<Socket>, socket: Socket): void {
  open.add(socket);
  socket.once("close", () => open.delete(socket)).on("error", () => socket.destroy());
}

function join(open: Set<Socket>, near: Socket, [port, ...others]: readonly number[]): void {
  if (port === undefined) return void near.destroy();
  const far = connect(port, "127.0.0.1");
  // Nothing was read of what the client sent: the next one gets it whole.
  const refused = () => join(open, near, others);
  far.once("error", refused);
  far.once("connect", () => {
    far.off("error", refused);
    keep(open, far);
    near.pipe(far).pipe(near);
    near.once("close", () => far.destroy());
    // What it said before it went is passed on to the end; only a connection that broke is broken off.
    far.once("close", (broken) => (broken ? near.destroy() : near.end()));
  });
}
