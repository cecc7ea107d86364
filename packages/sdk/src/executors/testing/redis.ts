import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { Redis } from "ioredis";
import { eventually } from "../../testing/eventually.ts";

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function begun(port: number, password: string | null): Promise<ChildProcess> {
  const server = spawn("redis-server", ["-"], { stdio: ["pipe", "ignore", "ignore"] });
  server.once("error", () => undefined);
  // Its configuration comes over standard input, so that the password is no argument.
  const lines = ["bind 127.0.0.1", `port ${port}`, 'save ""', "appendonly no"];
  server.stdin?.on("error", () => undefined);
  server.stdin?.end([...lines, ...(password === null ? [] : [`requirepass ${password}`]), ""].join("\n"));
  const [error] = (await Promise.race([once(server, "spawn"), once(server, "error")])) as [Error?];
  if (error !== undefined)
    throw new Error(`redis-server cannot be started (${error.message}). Install it: apt-get install redis-server`);
  return server;
}

/** A Redis of the test's own: Debian's, on a free port, that keeps nothing. */
export class TestRedis {
  readonly port: number;
  readonly url: string;
  /** To look into it. */
  readonly client: Redis;
  readonly #password: string | null;
  #server: ChildProcess;

  constructor(port: number, password: string | null, server: ChildProcess) {
    this.port = port;
    this.url = `redis://${password === null ? "" : `:${password}@`}127.0.0.1:${port}`;
    this.client = new Redis(this.url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
    this.client.on("error", () => undefined);
    this.#password = password;
    this.#server = server;
  }

  /** @throws Error naming the Debian package, where it is not installed. */
  static async start(password: string | null = null): Promise<TestRedis> {
    const port = await freePort();
    const redis = new TestRedis(port, password, await begun(port, password));
    await eventually(async () => await redis.client.ping());
    return redis;
  }

  /** As after a crash of its machine: all data is gone. */
  async restart(): Promise<void> {
    await this.#kill();
    this.#server = await begun(this.port, this.#password);
    await eventually(async () => await this.client.ping());
  }

  /** It stands still: connections stay, nothing is answered. */
  freeze(): void {
    this.#server.kill("SIGSTOP");
  }

  async stop(): Promise<void> {
    this.client.disconnect();
    await this.#kill();
  }

  async #kill(): Promise<void> {
    if (this.#server.exitCode !== null) return;
    this.#server.kill("SIGKILL");
    await once(this.#server, "exit");
  }
}
