import type { ConnectionOptions } from "node:tls";

/** Where the user's Redis is. */
export interface RedisAddress {
  /** Default: 127.0.0.1. */
  readonly host?: string;
  /** Default: 6379. */
  readonly port?: number;
  readonly username?: string;
  readonly password?: string;
  /** Number of the database. Default: 0. */
  readonly database?: number;
  /** Encrypted; with options where the machine's own certificates do not do. */
  readonly tls?: boolean | ConnectionOptions;
}

function fromUrl(text: string): RedisAddress {
  const url = URL.canParse(text) ? new URL(text) : null;
  // The text itself is not told: it may hold the password.
  if (url === null || !/^rediss?:$/.test(url.protocol))
    throw new TypeError("The URL of Redis must look like redis://host:6379/0, or rediss:// for TLS.");
  const database = url.pathname.slice(1);
  if (!/^\d*$/.test(database))
    throw new TypeError("The path of the URL of Redis must be the number of a database: /0.");
  return {
    host: url.hostname.replace(/^\[|\]$/g, "") || "127.0.0.1",
    ...(url.port === "" ? {} : { port: Number(url.port) }),
    ...(url.username === "" ? {} : { username: decodeURIComponent(url.username) }),
    ...(url.password === "" ? {} : { password: decodeURIComponent(url.password) }),
    database: Number(database),
    tls: url.protocol === "rediss:",
  };
}

/** An address, given as fields or as a URL. @throws TypeError that does not repeat what was given. */
export function readAddress(connection: string | RedisAddress): RedisAddress {
  return typeof connection === "string" ? fromUrl(connection) : connection;
}

/** An address for sentences: without user and password. */
export function shownAddress({ host = "127.0.0.1", port = 6379, database = 0 }: RedisAddress): string {
  return `Redis at ${host}:${port}${database === 0 ? "" : ` (database ${database})`}`;
}
