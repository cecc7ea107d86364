import { lstatSync, rmSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { AGENT_EXIT, AgentError } from "./agent-error.ts";

/** What the agent tells about itself. */
export interface Health {
  readonly agentId: string | null;
  readonly name: string;
  /** Milliseconds since the cloud last answered; null before the first time. */
  readonly lastPollAgoMs: number | null;
  readonly heldRuns: readonly string[];
  readonly draining: boolean;
}

/** Two long-polls and a half without an answer. */
const SILENT_MS = 75_000;

/** 200 while the cloud answers, 503 otherwise: a sign for people and dashboards. Do not let it restart the agent, that ends its runs. */
export function healthStatus(health: Health): 200 | 503 {
  return health.lastPollAgoMs !== null && health.lastPollAgoMs < SILENT_MS ? 200 : 503;
}

/**
 * Answers whoever connects with one HTTP reply, whatever was asked. Written on `node:net`: the HTTP module could also open
 * connections, and only the client may. @param address path of a socket, or host:port
 */
export async function serveHealth(address: string, tell: () => Health): Promise<{ address: string; close(): void }> {
  const server = createServer((socket) => answer(socket, tell()));
  const target = readAddress(address);
  if ("path" in target) removeStaleSocket(target.path);
  await listening(server, target, address);
  if ("path" in target) await chmod(target.path, 0o600);
  const bound = server.address();
  return {
    address: bound !== null && typeof bound === "object" ? `${bound.address}:${bound.port}` : address,
    close: () => server.close(),
  };
}

function answer(socket: Socket, health: Health): void {
  const body = JSON.stringify(health);
  const status = healthStatus(health) === 200 ? "200 OK" : "503 Service Unavailable";
  const head = `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n`;
  // Whoever never asks, or goes away while we write, must not keep anything open nor bring the agent down.
  socket.setTimeout(5_000, () => socket.destroy());
  socket.on("error", () => {});
  socket.once("data", () => socket.end(head + body));
}

function readAddress(address: string): { path: string } | { host: string; port: number } {
  const [, host, port] = /^(.*):(\d{1,5})$/.exec(address) ?? [];
  if (host === undefined || address.includes("/")) return { path: address };
  return { host: host.replace(/^\[|\]$/g, "") || "127.0.0.1", port: Number(port) };
}

/** A socket that a killed agent left. The agent's directory is locked, so no other agent of it is listening there. */
function removeStaleSocket(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSocket()) rmSync(path);
}

async function listening(server: Server, target: ReturnType<typeof readAddress>, address: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject).listen(target, resolve);
  try {
    await promise;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AgentError(
      `WEIR_AGENT_HEALTH_ADDRESS is ${address}, where the agent cannot listen: ${reason}. Take another address, or leave it out.`,
      AGENT_EXIT.failed,
      error,
    );
  }
}
