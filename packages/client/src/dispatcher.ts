import { Agent, EnvHttpProxyAgent, type Dispatcher } from "undici";

/** Idle connections are kept for longer than the 10 s between two heartbeats, so that a heartbeat needs no new handshake. */
const KEEP_ALIVE_MS = 30_000;

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Connections to one cloud: keep-alive, HTTPS_PROXY / NO_PROXY of the environment, a CA of the user's own.
 * A cloud on this machine is never asked for through a proxy, which would look for it on its own loopback.
 */
export function makeDispatcher(url: URL, ca: string | undefined): Dispatcher {
  const tls = ca === undefined ? {} : { ca };
  // HTTP/2 would put a long-poll, reports and a stream on one connection, and one cut would end them all.
  const options = { keepAliveTimeout: KEEP_ALIVE_MS, connect: { timeout: 10_000, ...tls }, allowH2: false };
  if (LOOPBACK.test(url.hostname)) return new Agent(options);
  return new EnvHttpProxyAgent({ ...options, requestTls: tls });
}
