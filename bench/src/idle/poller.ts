import { connect, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { API_VERSION, API_VERSION_HEADER, type ClaimReply, LIMITS } from "@weir/protocol";
import type { IdleAgent } from "./population.ts";

/** Where a crowd waits. */
export interface Server {
  readonly port: number;
  /** Path at which an agent asks for work. */
  claims(agent: IdleAgent): string;
}

/** Of an agent's own loop: so much shorter a poll may be, that not all come back at one moment. */
const WAIT_JITTER = 0.2;
/** Whoever is turned away comes again after this long. */
const AGAIN_MS = 1_000;
const READ_BYTES = 64 * 1024;

// One buffer for all: what comes is read before anything else comes.
const buffer = Buffer.alloc(READ_BYTES);

/**
 * One agent that waits for work: a socket and the text of a request, so that ten thousand of them cost next to nothing. It asks what an agent
 * asks, and asks again as soon as it is answered.
 */
export class Poller {
  readonly #agent: IdleAgent;
  readonly #server: Server;
  readonly #heard: (agent: IdleAgent, reply: ClaimReply) => void;
  readonly #socket: Socket;
  #text = "";
  #closed = false;

  /** Connects and asks. @param heard of each reply with runs */
  constructor(agent: IdleAgent, server: Server, heard: (agent: IdleAgent, reply: ClaimReply) => void) {
    this.#agent = agent;
    this.#server = server;
    this.#heard = heard;
    const callback = (bytes: number) => this.#read(buffer.toString("latin1", 0, bytes));
    this.#socket = connect({ port: server.port, host: "127.0.0.1", noDelay: true, onread: { buffer, callback } });
    // As if the crowd had been there for long: each is somewhere in the middle of a poll.
    this.#ask(LIMITS.claimWaitSeconds * Math.random());
  }

  /** Resolves when it is connected. Throws when it is not. */
  async connected(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#socket.once("connect", resolve);
    this.#socket.on("error", reject);
    this.#socket.on("close", () => {
      if (!this.#closed) throw new Error("The server closed the connection of an agent that waits.");
    });
    await promise;
  }

  close(): void {
    this.#closed = true;
    this.#socket.destroy();
  }

  #ask(waitSeconds: number): void {
    if (this.#closed) return;
    const { labels, session } = this.#agent;
    const body = JSON.stringify({ room: 10, waitSeconds, labels, holding: [] });
    this.#socket.write(
      `POST ${this.#server.claims(this.#agent)} HTTP/1.1\r\nhost: 127.0.0.1:${this.#server.port}\r\nconnection: keep-alive\r\n` +
        `content-type: application/json\r\nauthorization: Bearer ${session}\r\n${API_VERSION_HEADER}: ${API_VERSION}\r\n` +
        `accept: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  }

  /** @param text one character for each byte */
  #read(text: string): boolean {
    this.#text += text;
    const reply = wholeReply(this.#text);
    if (reply !== null) {
      this.#text = "";
      void this.#next(reply);
    }
    return true;
  }

  async #next({ status, body }: Reply): Promise<void> {
    if (status === 200) {
      const reply = JSON.parse(Buffer.from(body, "latin1").toString("utf8")) as ClaimReply;
      if (reply.runs.length > 0) this.#heard(this.#agent, reply);
    } else await pause(AGAIN_MS);
    this.#ask(LIMITS.claimWaitSeconds * (1 - WAIT_JITTER * Math.random()));
  }
}

interface Reply {
  readonly status: number;
  readonly body: string;
}

/** A reply once all of it is here, or null. Of one request there is one, so nothing comes after it. */
function wholeReply(text: string): Reply | null {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return null;
  const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, end))?.[1];
  if (length === undefined) throw new Error(`A reply does not say how long it is:\n${text.slice(0, end)}`);
  const body = text.slice(end + 4);
  return body.length < Number(length) ? null : { status: Number(text.slice(9, 12)), body };
}
