import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type ClaimedRun,
  type ClaimRequest,
  type EnrolRequest,
  makeId,
  type Order,
  REFUSALS,
  type RefusalCode,
} from "@weir/protocol";
import { onTestFinished } from "vitest";

/** A cloud with a run door for one agent: keeps keys, sessions, waiting runs and orders, and holds long-polls as the real one does. */
export class FakeCloud {
  readonly key = "weir_a_fake";
  readonly agentId = makeId();
  readonly enrolments: EnrolRequest[] = [];
  readonly claims: ClaimRequest[] = [];
  sessionSeconds = 3_600;
  /** What claims are told of how long they waited. */
  waitedSeconds: number | undefined = undefined;
  /** Answers the next questions of a message with a refusal, as long as it stands here. */
  readonly refusals = new Map<"enrol" | "claim", RefusalCode>();
  readonly #waiting: ClaimedRun[] = [];
  readonly #orders = new Map<string, Order>();
  readonly #sessions = new Set<string>();
  readonly #polls = new Set<() => void>();
  #server: Server | null = null;
  #port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Polls that are held now. */
  get held(): number {
    return this.#polls.size;
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => void this.#answer(request, response));
    await new Promise<void>((listening) => server.listen(this.#port, "127.0.0.1", listening));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server === null) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  /** Puts a run into the queue. */
  offer(given: Partial<ClaimedRun> = {}): ClaimedRun {
    const run = claimedRun(given);
    this.#waiting.push(run);
    this.#wake();
    return run;
  }

  /** As the real cloud: the order stands until the run is over, and every poll that names the run hears it. */
  order(runId: string, order: Order): void {
    this.#orders.set(runId, order);
    this.#wake();
  }

  forgetSessions(): void {
    this.#sessions.clear();
    this.#wake();
  }

  #wake(): void {
    for (const look of this.#polls) look();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = "";
    for await (const piece of request.setEncoding("utf8")) text += String(piece);
    const token = (request.headers.authorization ?? "").replace("Bearer ", "");
    if (request.url === "/v1/agents") this.#enrol(token, JSON.parse(text) as EnrolRequest, response);
    else if (request.url === "/v1/claims") this.#claim(token, JSON.parse(text) as ClaimRequest, response);
    else refuse(response, "NOT_FOUND");
  }

  #enrol(token: string, body: EnrolRequest, response: ServerResponse): void {
    this.enrolments.push(body);
    const refusal = this.refusals.get("enrol") ?? (token === this.key ? null : "UNAUTHENTICATED");
    if (refusal !== null) return refuse(response, refusal);
    const sessionToken = makeId();
    this.#sessions.add(sessionToken);
    const { agentId, sessionSeconds } = this;
    tell(response, 200, { agentId, sessionToken, sessionSeconds, leaseSeconds: 45, reportSeconds: 10 });
  }

  #claim(token: string, body: ClaimRequest, response: ServerResponse): void {
    this.claims.push(body);
    const until = setTimeout(() => look(true), body.waitSeconds * 1000);
    const look = (late = false): void => {
      const refusal = this.refusals.get("claim") ?? (this.#sessions.has(token) ? null : "SESSION_EXPIRED");
      const runs = refusal === null ? this.#waiting.splice(0, body.room) : [];
      const orders = body.holding.flatMap((runId) => {
        const order = this.#orders.get(runId);
        return order === undefined ? [] : [{ runId, order }];
      });
      if (refusal === null && runs.length === 0 && orders.length === 0 && !late) return;
      done();
      if (refusal !== null) refuse(response, refusal);
      else tell(response, 200, { runs, orders, waitedSeconds: this.waitedSeconds });
    };
    const done = (): void => {
      clearTimeout(until);
      this.#polls.delete(look);
    };
    response.once("close", done);
    this.#polls.add(look);
    look();
  }
}

function refuse(response: ServerResponse, code: RefusalCode): void {
  tell(response, REFUSALS[code].status, { code, message: `The fake cloud says ${code}.` });
}

function tell(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function claimedRun(given: Partial<ClaimedRun>): ClaimedRun {
  return {
    runId: makeId(),
    runName: "calm-river",
    attempt: 1,
    leaseSeconds: 45,
    reportSeconds: 10,
    runToken: "run-token",
    project: "default",
    flow: "sum",
    flowVersion: 1,
    storage: { kind: "local", directory: "/flows", entry: "sum.flow.ts", codeDigest: "0".repeat(64), files: [] },
    parameters: {},
    labels: [],
    scheduledStartTime: 1,
    createdAt: 1,
    known: [],
    ...given,
  };
}

/** Starts a fake cloud for one test. */
export async function startFakeCloud(): Promise<FakeCloud> {
  const cloud = new FakeCloud();
  await cloud.start();
  onTestFinished(() => cloud.stop());
  return cloud;
}
