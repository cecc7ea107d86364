import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import {
  type ClaimRequest,
  makeId,
  type Order,
  type OutcomeRequest,
  type Report,
  RUN_DOOR,
  type RunDoorMessage,
  type SlotsRequest,
} from "@weir/protocol";

/** One message as it came in, every byte of it. */
export interface Received {
  readonly message: RunDoorMessage | "unknown";
  readonly runId: string | null;
  readonly method: string;
  readonly url: string;
  readonly headers: string;
  readonly body: string;
}

/** An answer of the cloud's own choice. */
export type Answer = (response: ServerResponse, received: Received) => void;

/** Answers with JSON. */
export const json =
  (body: unknown, status = 200): Answer =>
  (response) =>
    void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));

/** Answers with bytes of any kind. */
export const raw =
  (body: string | Buffer, headers: Record<string, string>, status = 200): Answer =>
  (response) =>
    void response.writeHead(status, headers).end(body);

/** A claim's answer. */
export const claims = (runs: readonly unknown[], orders: readonly unknown[] = [], more: object = {}): Answer =>
  json({ runs, orders, ...more });

/**
 * A cloud that was taken over: it speaks the run door, well as long as it is not told otherwise, and writes down every byte that it is
 * sent.
 */
export class HostileCloud {
  readonly received: Received[] = [];
  readonly agentKey = "weir_a_of_the_hostile_cloud";
  /** Seconds of sessions that are given. */
  sessionSeconds = 3_600;
  readonly #once = new Map<RunDoorMessage, Answer[]>();
  readonly #always = new Map<RunDoorMessage, Answer>();
  readonly #waiting: unknown[] = [];
  readonly #polls = new Set<() => void>();
  readonly #server: Server;
  readonly #connections = new Set<Socket>();
  /** Connections that were ever opened. */
  connections = 0;

  constructor() {
    this.#server = createServer((request, response) => void this.#take(request, response));
    this.#server.on("connection", (socket) => {
      this.connections += 1;
      this.#connections.add(socket.once("close", () => this.#connections.delete(socket)).on("error", () => {}));
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Claims that are held now. */
  get polls(): number {
    return this.#polls.size;
  }

  async start(): Promise<void> {
    await new Promise<void>((done) => this.#server.listen(0, "127.0.0.1", done));
  }

  async stop(): Promise<void> {
    for (const socket of this.#connections) socket.destroy();
    await new Promise((done) => this.#server.close(done));
  }

  /** Answers the next such message so. A claim that is held is answered at once. */
  once(message: RunDoorMessage, answer: Answer): void {
    this.#once.set(message, [...(this.#once.get(message) ?? []), answer]);
    this.#wake();
  }

  /** Answers every such message so, until told null. */
  always(message: RunDoorMessage, answer: Answer | null): void {
    if (answer === null) this.#always.delete(message);
    else this.#always.set(message, answer);
    this.#wake();
  }

  /** Whether an answer that was given to `once` was not needed so far. */
  waitsWith(message: RunDoorMessage): boolean {
    return (this.#once.get(message) ?? []).length > 0;
  }

  /** A run for whoever asks next. */
  offer(run: unknown): void {
    this.#waiting.push(run);
    this.#wake();
  }

  of(message: RunDoorMessage, runId?: string): Received[] {
    return this.received.filter((one) => one.message === message && (runId === undefined || one.runId === runId));
  }

  /** Events that were reported of a run. */
  events(runId: string): Report["events"] {
    return this.of("report", runId).flatMap(({ body }) => (JSON.parse(body) as Report).events);
  }

  /** The state in which a run was reported to have ended. */
  endOf(runId: string): string | undefined {
    const ends = ["Success", "Failed", "Crashed", "Cancelled"];
    return this.events(runId).findLast((event) => event.kind === "flow" && ends.includes(event.state))?.[
      "state" as never
    ];
  }

  /** All that was sent, as one text. */
  everything(): string {
    return this.received.map(({ method, url, headers, body }) => `${method} ${url}\n${headers}\n${body}`).join("\n");
  }

  #wake(): void {
    for (const look of this.#polls) look();
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on("error", () => {});
    const pieces: Buffer[] = [];
    try {
      for await (const piece of request) pieces.push(piece as Buffer);
    } catch {
      return;
    }
    const { method = "", url = "", rawHeaders } = request;
    const received = {
      ...messageAt(url),
      method,
      url,
      headers: rawHeaders.join("\n"),
      body: String(Buffer.concat(pieces)),
    };
    this.received.push(received);
    this.#answer(received, response);
  }

  #answer(received: Received, response: ServerResponse): void {
    const { message } = received;
    if (message === "claim") return this.#claim(received, response);
    if (message === "unknown") return json({ code: "NOT_FOUND", message: "no" }, 404)(response, received);
    const answer = this.#once.get(message)?.shift() ?? this.#always.get(message) ?? this.#well(received);
    answer(response, received);
  }

  /** Holds the claim until there is something, as a good cloud does. */
  #claim(received: Received, response: ServerResponse): void {
    const { room, waitSeconds } = JSON.parse(received.body) as ClaimRequest;
    const look = (late = false): void => {
      const answer = this.#once.get("claim")?.shift() ?? this.#always.get("claim");
      const runs = answer === undefined ? this.#waiting.splice(0, room) : [];
      if (answer === undefined && runs.length === 0 && !late) return;
      done();
      (answer ?? claims(runs))(response, received);
    };
    const timer = setTimeout(() => look(true), waitSeconds * 1_000);
    const done = (): void => {
      clearTimeout(timer);
      this.#polls.delete(look);
    };
    response.once("close", done);
    this.#polls.add(look);
    look();
  }

  #well({ message, body }: Received): Answer {
    switch (message) {
      case "enrol":
        return json({
          agentId: makeId(),
          sessionToken: `session-${makeId()}`,
          sessionSeconds: this.sessionSeconds,
          leaseSeconds: 45,
          reportSeconds: 10,
        });
      case "report": {
        const { first, events } = JSON.parse(body) as Report;
        const orders: Order[] = [];
        return json({ accepted: first + events.length - 1, leaseSeconds: 45, orders, refused: [] });
      }
      case "release":
        return json({ state: "Scheduled" });
      case "slots": {
        const { tasks } = JSON.parse(body) as SlotsRequest;
        return json({ granted: tasks.map(({ number }) => number), waitSeconds: 1 });
      }
      case "cached":
        return json({ states: [] });
      case "start":
        return json({ runId: makeId(), created: true });
      case "outcome":
        return json({ runId: (JSON.parse(body) as OutcomeRequest).runId, state: "Success" });
      case "kvGet":
        return json({ version: 0 });
      case "kvSet":
        return json({ version: 1 });
      case "kvDelete":
        return json({ deleted: false });
      case "claim":
      case "unknown":
        return json({ code: "NOT_FOUND", message: "There is none." }, 404);
    }
  }
}

function messageAt(url: string): Pick<Received, "message" | "runId"> {
  for (const [message, { path }] of Object.entries(RUN_DOOR)) {
    const match = new RegExp(`^${path.replace(":id", "([0-9a-f-]{36})")}$`).exec(url);
    if (match !== null) return { message: message as RunDoorMessage, runId: match[1] ?? null };
  }
  return { message: "unknown", runId: null };
}
