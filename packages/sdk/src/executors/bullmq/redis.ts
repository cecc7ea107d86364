import type { Redis, RedisOptions } from "ioredis";
import { needed } from "../needed.ts";
import { executorFailed } from "../thrown.ts";
import { type RedisAddress, shownAddress } from "./address.ts";

const CONNECT_MS = 10_000;
const SLOWEST_RECONNECT_MS = 2_000;

/** Sentences for what Redis says most often when it lets nobody in. */
function remedy(message: string): string {
  if (/WRONGPASS|NOAUTH|invalid password/i.test(message)) return "Check user and password.";
  if (/NOPERM/.test(message)) return "Give the user the rights that BullMQ needs: +@all on its keys.";
  if (/certificate|SSL|TLS/i.test(message)) return "Check tls and its certificates.";
  return "Check that it runs, and that this machine may reach it.";
}

// Only the message is taken over: an error of ioredis carries the command that failed, and that of the log-in holds the password.
/** Why Redis could not be used, as a sentence. */
export function redisProblem(address: RedisAddress, error: unknown): string {
  const message = (error as Error).message.split("\n", 1)[0] ?? "";
  return `${shownAddress(address)} cannot be used: ${message}. ${remedy(message)}`;
}

function optionsOf({ host, port, username, password, database, tls }: RedisAddress, mayRetry: () => boolean) {
  return {
    host: host ?? "127.0.0.1",
    port: port ?? 6379,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    db: database ?? 0,
    ...(tls === undefined || tls === false ? {} : { tls: tls === true ? {} : tls }),
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    // An outage is waited out: a try has a timeout of its own. Only the first connection must succeed at once.
    maxRetriesPerRequest: null,
    retryStrategy: (times: number) => (mayRetry() ? Math.min(100 * times, SLOWEST_RECONNECT_MS) : null),
  } satisfies RedisOptions;
}

/** Connects to Redis. Later it reconnects by itself. @throws WeirError `EXECUTOR_FAILED` with a sentence without the password. */
export async function openRedis(who: string, address: RedisAddress): Promise<Redis> {
  const { Redis } = await needed(who, "ioredis", async () => await import("ioredis"));
  let isConnected = false;
  let last: unknown = null;
  const client = new Redis(optionsOf(address, () => isConnected));
  client.on("error", (error: unknown) => {
    last = error;
  });
  try {
    await client.connect();
    isConnected = true;
    return client;
  } catch (error) {
    client.disconnect();
    throw executorFailed(redisProblem(address, last ?? error));
  }
}
