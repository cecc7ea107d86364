import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { unpacked } from "./views.ts";
import type { Holding } from "./search.ts";

/** One question to the cloud and its answer, as their bytes were. */
interface Exchange {
  readonly url: string;
  /** Head and body; the body once more as it is when it came packed. */
  readonly question: Buffer;
  readonly body: Buffer;
  readonly answer: Buffer[];
}

/** A token in an answer of the run door, with its signature. */
const TOKEN = /"(?:sessionToken|runToken)":"[\w-]+\.[\w-]+\.([\w-]+)"/g;

/** Headers that hold a credential: the record keeps a hash of it. */
const CREDENTIALS = new Set(["authorization", "cookie", "proxy-authorization"]);

/**
 * A proxy between the user's side and the cloud that keeps everything that passes, in both directions. It goes to no other place than the
 * one cloud that it was given, which is why it may open connections although it is neither client nor gate.
 */
export class Recorder {
  readonly #server: Server;
  readonly #target: URL;
  readonly #exchanges: Exchange[] = [];
  /** Paths that are answered with 503 instead of being handed on. */
  #held: RegExp | null = null;

  constructor(target: string) {
    this.#target = new URL(target);
    this.#server = createServer((asked, reply) => void this.#take(asked, reply).catch(() => reply.destroy()));
  }

  async listen(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }

  /** From now on, what is asked of such a path does not reach the cloud; null lets everything pass again. What is held is recorded: it was sent. */
  hold(path: RegExp | null): void {
    this.#held = path;
  }

  /** How many reports of a run were sent. */
  reportsOf(runId: string): number {
    return this.#exchanges.filter(({ url }) => url.endsWith(`/${runId}/reports`)).length;
  }

  /** Bodies of all messages to the run door, which only agents send. */
  bodiesOfAgent(): Buffer[] {
    return this.#exchanges.flatMap(({ url, body }) => (url.startsWith("/v1/") && body.length > 0 ? [body] : []));
  }

  /** Of each token that the cloud gave to an agent, the part that nobody can guess. */
  signaturesOfTokens(): string[] {
    const texts = this.#exchanges.flatMap(({ url, answer }) =>
      url.startsWith("/v1/") ? [Buffer.concat(answer).toString("utf8")] : [],
    );
    const signatures = texts.flatMap((text) => Array.from(text.matchAll(TOKEN), ([, signature = ""]) => signature));
    return [...new Set(signatures)];
  }

  /** Everything that was sent, and everything that the cloud answered. */
  holdings(): Holding[] {
    const sent = this.#exchanges.map(({ url, question }) => ({
      place: "sent" as const,
      name: pathOf(url),
      content: question,
    }));
    const answers = this.#exchanges.map(({ url, answer }) => ({
      place: "answers" as const,
      name: pathOf(url),
      content: Buffer.concat(answer),
    }));
    return [...sent, ...answers];
  }

  async #take(asked: IncomingMessage, reply: ServerResponse): Promise<void> {
    const body = await readAll(asked);
    const { method = "GET", url = "/", headers } = asked;
    const head = Object.entries(headers).map(([name, value]) => `${name}: ${kept(name, String(value))}`);
    const bodies = [body, ...unpacked(headers["content-encoding"], body)].flatMap((one) => [one, Buffer.from("\n")]);
    const question = Buffer.concat([Buffer.from(`${method} ${url}\n${head.join("\n")}\n\n`), ...bodies]);
    const exchange: Exchange = { url, question, body, answer: [] };
    this.#exchanges.push(exchange);
    if (this.#held?.test(url)) return void reply.writeHead(503).end();
    await this.#handOn({ method, url, headers }, body, reply, exchange);
  }

  async #handOn(
    { method, url, headers }: { method: string; url: string; headers: IncomingMessage["headers"] },
    body: Buffer,
    reply: ServerResponse,
    { answer }: Exchange,
  ): Promise<void> {
    const to = new URL(url, this.#target);
    // What is packed could not be searched: the proxy asks for it as it is.
    const asked = { ...headers, host: to.host, "accept-encoding": "identity" };
    const outgoing = request(to, { method, headers: asked, agent: false });
    // Whoever does not want the answer any more, because its time is over, does not want it of the cloud either.
    reply.once("close", () => outgoing.destroy());
    outgoing.end(body);
    const [from] = (await once(outgoing, "response")) as [IncomingMessage];
    reply.writeHead(from.statusCode ?? 502, from.headers);
    reply.flushHeaders();
    for await (const piece of from) {
      answer.push(piece as Buffer);
      reply.write(piece);
    }
    reply.end();
  }
}

/** Ids of runs left out, so that the paths of the report are few. */
function pathOf(url: string): string {
  return url.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ":id");
}

function kept(name: string, value: string): string {
  return CREDENTIALS.has(name) ? `sha256 ${createHash("sha256").update(value).digest("hex")}` : value;
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}
