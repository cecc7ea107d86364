import { Refusal } from "@weir/protocol";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Rates } from "../rates/rates.ts";
import type { GraphqlDeps } from "./deps.ts";
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
  const graphql = createGraphql(deps);
  const closing = new AbortController();
  // Streams end before the server waits for its connections, or it would wait for ever.
  app.addHook("preClose", async () => closing.abort());

  app.post("/graphql", { config: { auth: "user" }, bodyLimit: QUERY_LIMITS.bodyBytes }, async (request, reply) => {
    const asked = askedBy(request, AbortSignal.any([closing.signal, goneWith(reply)]));
    const { accept = "application/json" } = request.headers;
    const headers = { accept, "content-type": "application/json" };
    const response = await graphql.fetch(new Request(ADDRESS, { method: "POST", headers, signal: asked.gone }), asked);
    return await send(reply, response);
  });
  app.route({ method: OTHER_METHODS, url: "/graphql", config: { auth: "user" }, handler: refuseMethod });
}

function goneWith(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once("close", () => gone.abort());
  return gone.signal;
}

function askedBy({ principal, body, ip: address }: FastifyRequest, gone: AbortSignal): Asked {
  if (principal === null) throw new Refusal("UNAUTHENTICATED", "The request carries no credential.");
  if (typeof body === "object" && body !== null && "query" in body)
    return { principal, params: body as Asked["params"], gone, address };
  throw new Refusal(
    "INVALID",
    'The body must be one operation: { "query": "…", "variables": { … } }. Lists of operations are not served.',
  );
}

async function send(reply: FastifyReply, response: Response): Promise<FastifyReply> {
  void reply.code(response.status).headers(Object.fromEntries(response.headers));
  if (response.headers.get("content-type")?.startsWith("text/event-stream") !== true)
    return reply.send(await response.text());
  // A stream has its connection for itself: kept alive, it would hold up a server that closes until the client lets go.
  return reply.header("connection", "close").send(response.body);
}

function refuseMethod(_request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const refusal = new Refusal("INVALID", "GraphQL is asked by POST, with a body of application/json.");
  return reply.code(405).header("allow", "POST").send(refusal.toBody());
}
