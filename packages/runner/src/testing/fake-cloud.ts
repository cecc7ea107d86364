import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type CachedReply,
  isTerminal,
  type KvDeleteReply,
  type KvGetReply,
  type KvSetReply,
  type Order,
  type OutcomeReply,
  REFUSALS,
  type RefusalBody,
  ReleaseRequest,
  Report,
  RUN_DOOR,
  type RunEvent,
  type SlotsReply,
  type SlotsRequest,
  type StartReply,
  type StateName,
} from "@weir/protocol";
import type { TSchema } from "typebox";
import { Compile } from "typebox/compile";

const checkReport = Compile(Report as TSchema);
const checkRelease = Compile(ReleaseRequest as TSchema);
const QUESTIONS = {
  slots: "slots",
  cached: "cached",
  starts: "start",
  outcomes: "outcome",
  "kv/get": "kvGet",
  "kv/set": "kvSet",
  "kv/delete": "kvDelete",
} as const;
const checkQuestion = {
  slots: Compile(RUN_DOOR.slots.request as TSchema),
  cached: Compile(RUN_DOOR.cached.request as TSchema),
  starts: Compile(RUN_DOOR.start.request as TSchema),
  outcomes: Compile(RUN_DOOR.outcome.request as TSchema),
  "kv/get": Compile(RUN_DOOR.kvGet.request as TSchema),
  "kv/set": Compile(RUN_DOOR.kvSet.request as TSchema),
  "kv/delete": Compile(RUN_DOOR.kvDelete.request as TSchema),
};

/** A question that came: what it was, what it said, and how many events the cloud had then. */
export interface AskedOfCloud {
  readonly ask: (typeof QUESTIONS)[keyof typeof QUESTIONS];
  readonly body: Readonly<Record<string, unknown>>;
  readonly events: number;
}

/** What the cloud knows of one run. */
export class CloudRun {
  attempt: number;
  readonly token: string;
  leaseSeconds: number;
  /** Events in order; the first has number 1. */
  readonly events: RunEvent[] = [];
  /** Every report that came: its first number, how many events, and how the cloud answered. */
  readonly reports: { first: number; events: number; at: number }[] = [];
  readonly orders: Order[] = [];
  readonly asked: AskedOfCloud[] = [];
  released: ReleaseRequest | null = null;
  nextToken: string | null = null;
  readonly tokens: string[] = [];

  constructor(o: { attempt: number; token: string; leaseSeconds: number }) {
    this.attempt = o.attempt;
    this.token = o.token;
    this.leaseSeconds = o.leaseSeconds;
  }

  get state(): StateName | null {
    const flow = this.events.filter((event) => event.kind === "flow");
    return flow.at(-1)?.state ?? null;
  }

  get over(): boolean {
    return this.state !== null && isTerminal(this.state);
  }

  /** Texts of log lines, of one logger or of the flow itself. */
  lines(logger?: string): string[] {
    return this.events.flatMap((event) => (event.kind === "log" && event.logger === logger ? [event.text] : []));
  }
}

/** What happens to the next request, once. */
export type Mishap =
  /** The cloud does what it was asked, but its answer is lost. */
  | "lose the reply"
  /** The connection breaks before the cloud reads anything. */
  | "lose the request"
  | "proxy page"
  | "too large for the proxy"
  | RefusalBody;

/** Id of a run that a flow started. */
export const OTHER_RUN = "01990000-0000-7000-8000-000000000001";

interface Answers {
  slots: (body: SlotsRequest) => SlotsReply | RefusalBody;
  cached: () => CachedReply | RefusalBody;
  start: () => StartReply | RefusalBody;
  outcome: () => OutcomeReply | RefusalBody;
  kvGet: () => KvGetReply | RefusalBody;
  kvSet: () => KvSetReply | RefusalBody;
  kvDelete: () => KvDeleteReply | RefusalBody;
}

/** A cloud that keeps what it is told in memory and refuses what the real one would refuse. Over real HTTP. */
export class FakeCloud {
  readonly runs = new Map<string, CloudRun>();
  readonly mishaps: Mishap[] = [];
  /** Every connection is cut at once. */
  away = false;
  /** Addresses of the requests that were cut so. */
  readonly turnedAway: string[] = [];
  /** Asked for every report with events; a refusal to answer with, or null. */
  objection: ((report: Report) => RefusalBody | null) | null = null;
  /** How questions are answered. As it stands, all slots are granted, nothing is cached, every other run is a success, and the key-value store is empty. */
  readonly answers: Answers = {
    slots: ({ tasks }) => ({ granted: tasks.map(({ number }) => number), waitSeconds: 5 }),
    cached: () => ({ states: [] }),
    start: () => ({ runId: OTHER_RUN, created: true }),
    outcome: () => ({ runId: OTHER_RUN, state: "Success" }),
    kvGet: () => ({ version: 0 }),
    kvSet: () => ({ version: 1 }),
    kvDelete: () => ({ deleted: true }),
  };
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => void this.#handle(request, response));
  }

  static async start(): Promise<FakeCloud> {
    const cloud = new FakeCloud();
    await new Promise<void>((listening) => cloud.#server.listen(0, "127.0.0.1", listening));
    return cloud;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What is known of a run. @throws when nothing is */
  run(runId: string): CloudRun {
    const run = this.runs.get(runId);
    if (!run) throw new Error(`The fake cloud knows no run ${runId}.`);
    return run;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.away) {
      this.turnedAway.push(request.url ?? "");
      return void request.socket.destroy();
    }
    const mishap = this.mishaps.shift();
    if (mishap === "lose the request") return void request.socket.destroy();
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    if (mishap === "proxy page" || mishap === "too large for the proxy") {
      response.writeHead(mishap === "proxy page" ? 502 : 413, { "content-type": "text/html" });
      return void response.end("<html>the proxy says no</html>");
    }
    if (typeof mishap === "object") return answer(response, mishap);
    const reply = this.#answer(request, JSON.parse(Buffer.concat(parts).toString()) as unknown);
    if (mishap === "lose the reply") return void request.socket.destroy();
    answer(response, reply);
  }

  #answer(request: IncomingMessage, body: unknown): object {
    const [, runId = "", verb = ""] =
      /^\/v1\/runs\/([^/]+)\/(reports|release|slots|cached|starts|outcomes|kv\/[a-z]+)$/.exec(request.url ?? "") ?? [];
    const run = this.runs.get(runId);
    if (!run) return refusal("NOT_FOUND", `No run ${runId}.`);
    const token = request.headers.authorization ?? "";
    run.tokens.push(token);
    if (token !== `Bearer ${run.token}` && token !== `Bearer ${run.nextToken}`)
      return refusal("UNAUTHENTICATED", "The run token is not known.");
    if ((body as { attempt?: unknown }).attempt !== run.attempt)
      return refusal("STALE_ATTEMPT", "Another attempt is the live one.");
    if (verb === "release") return release(run, body);
    return verb === "reports" ? this.#report(run, body) : this.#question(run, verb as keyof typeof QUESTIONS, body);
  }

  #question(run: CloudRun, verb: keyof typeof QUESTIONS, body: unknown): object {
    if (!checkQuestion[verb].Check(body)) return refusal("INVALID", "The question does not fit its schema.");
    const ask = QUESTIONS[verb];
    run.asked.push({ ask, body: body as AskedOfCloud["body"], events: run.events.length });
    return ask === "slots" ? this.answers.slots(body as SlotsRequest) : this.answers[ask]();
  }

  #report(run: CloudRun, body: unknown): object {
    if (!checkReport.Check(body)) return refusal("INVALID", "The report does not fit its schema.");
    const report = body as Report;
    const { first, events } = report;
    run.reports.push({ first, events: events.length, at: performance.now() });
    const objection = events.length > 0 ? this.objection?.(report) : null;
    if (objection) return objection;
    const expected = run.events.length + 1;
    if (first > expected) return { ...refusal("EVENT_GAP", `Event ${expected} is missing.`), expected };
    if (run.over && first + events.length > expected) return refusal("CONFLICT", "The run is over.");
    run.events.push(...events.slice(expected - first));
    return {
      accepted: run.events.length,
      ...(run.over ? {} : { leaseSeconds: run.leaseSeconds }),
      ...(run.nextToken === null ? {} : { runToken: run.nextToken }),
      orders: run.orders.splice(0),
      refused: [],
    };
  }
}

function release(run: CloudRun, body: unknown): object {
  if (!checkRelease.Check(body)) return refusal("INVALID", "The release does not fit its schema.");
  run.released = body as ReleaseRequest;
  return { state: "Scheduled" };
}

/** A refusal as the cloud writes it. */
export function refusal(code: RefusalBody["code"], message: string): RefusalBody {
  return { code, message };
}

function answer(response: ServerResponse, body: object): void {
  const code = (body as Partial<RefusalBody>).code;
  const status = code === undefined ? 200 : REFUSALS[code].status;
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
