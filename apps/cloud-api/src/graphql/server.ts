import { Refusal } from "@weir/protocol";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { IdempotentRequest, readIdempotencyKey } from "../idempotency/idempotent-request.ts";
import type { Rates } from "../rates/rates.ts";
import type { GraphqlDeps } from "./deps.ts";
import { KnownOperations } from "./known-operations.ts";
import { QUERY_LIMITS } from "./query-limits.ts";
import { type Asked, createGraphql } from "./yoga.ts";

// Yoga wants an absolute address, and looks at its path alone.
const ADDRESS = "http://cloud/graphql";
const OTHER_METHODS = ["GET", "HEAD", "PUT", "PATCH", "DELETE"];

/**
 * The door for people, scripts and the dashboard: `POST /graphql`, answers as JSON, subscriptions as SSE. Who asks is settled by the route
 * attribute before the body is read.
 */
export async function registerGraphql(
  app: FastifyInstance,
  deps: GraphqlDeps & { readonly rates: Rates },
): Promise<void> {
  const door: Door = {
    ...deps,
    graphql: createGraphql(deps),
    known: new KnownOperations(deps.config.sessionOperations),
  };
  const closing = new AbortController();
  // Streams end before the server waits for its connections, or it would wait for ever. Everything else is answered: a mutation that was cut
  // off may have been done, and its idempotency key would be taken without an answer.
  app.addHook("preClose", async () => closing.abort());

  app.post("/graphql", { config: { auth: "user" }, bodyLimit: QUERY_LIMITS.bodyBytes }, async (request, reply) => {
    const key = readIdempotencyKey(request.headers["idempotency-key"]);
    if (key !== null) return await answerOnce(door, request, reply, key);
    const isStream = request.headers.accept?.includes(STREAM_TYPE) === true;
    const asked = askedBy(door, request, AbortSignal.any([...(isStream ? [closing.signal] : []), goneWith(reply)]));
    return await send(reply, await fetchWith(door, asked, request.headers.accept));
  });
  app.route({ method: OTHER_METHODS, url: "/graphql", config: { auth: "user" }, handler: refuseMethod });
}

interface Door extends GraphqlDeps {
  readonly graphql: ReturnType<typeof createGraphql>;
  readonly known: KnownOperations;
}

function fetchWith({ graphql }: Door, asked: Asked, accept = "application/json"): Response | Promise<Response> {
  const headers = { accept, "content-type": "application/json" };
  return graphql.fetch(new Request(ADDRESS, { method: "POST", headers, signal: asked.gone }), asked);
}

/** Goes on when the client hangs up: it will ask for the answer again. */
async function answerOnce(
  door: Door,
  request: FastifyRequest,
  reply: FastifyReply,
  key: string,
): Promise<FastifyReply> {
  const { database, secrets, log } = door;
  const asked = askedBy(door, request, new AbortController().signal);
  const idempotency = new IdempotentRequest({ pool: database.pool, secrets }, asked.principal, key);
  const response = await fetchWith(door, { ...asked, idempotency });
  const answer = { status: response.status, text: await response.text() };
  const { replay } = idempotency;
  if (replay !== null)
    return reply.code(replay.status).type(JSON_TYPE).header("idempotency-replayed", "true").send(replay.text);
  // What was done was done: that its answer is not kept is no reason not to give it.
  await idempotency
    .end(answer)
    .catch((error: unknown) => log.warn({ err: error }, "the answer to an idempotency key could not be kept"));
  return reply.code(answer.status).headers(Object.fromEntries(response.headers)).send(answer.text);
}

const JSON_TYPE = "application/json; charset=utf-8";
const STREAM_TYPE = "text/event-stream";

function goneWith(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once("close", () => gone.abort());
  return gone.signal;
}

function askedBy({ known }: Door, { principal, person, body, ip: address }: FastifyRequest, gone: AbortSignal): Asked {
  if (principal === null) throw new Refusal("UNAUTHENTICATED", "The request carries no credential.");
  return { principal, params: known.read(body, person !== null), gone, address };
}

async function send(reply: FastifyReply, response: Response): Promise<FastifyReply> {
  // Yoga says no more than this status.
  if (response.status === 406)
    throw new Refusal("INVALID", "A subscription is answered as a stream: send `accept: text/event-stream`.");
  void reply.code(response.status).headers(Object.fromEntries(response.headers));
  if (response.headers.get("content-type")?.startsWith(STREAM_TYPE) !== true) return reply.send(await response.text());
  // A stream has its connection for itself: kept alive, it would hold up a server that closes until the client lets go.
  return reply.header("connection", "close").send(response.body);
}

function refuseMethod(_request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const refusal = new Refusal("INVALID", "GraphQL is asked by POST, with a body of application/json.");
  return reply.code(405).header("allow", "POST").send(refusal.toBody());
}
