import type { EventEmitter } from "node:events";
import { createRequire } from "node:module";
import { serve } from "./serve.ts";

// The least that holds a crowd of agents: Fastify, a timer for each of them, and a list. No credential is read, nothing is written and no database
// is asked. What Weir's own long-poll costs above this is what it does.

interface Request {
  readonly params: { readonly tenant: string };
  readonly body: { readonly waitSeconds: number; readonly labels: readonly string[] };
}
interface Reply {
  readonly raw: EventEmitter;
}
interface Bare {
  route(route: { method: "POST"; url: string; handler: (request: Request, reply: Reply) => Promise<object> }): void;
  listen(options: { port: number; host: string }): Promise<string>;
}

// The very one that the cloud has.
const { resolve } = createRequire(import.meta.resolve("@weir/cloud-api"));
const { fastify } = (await import(resolve("fastify"))) as { fastify: (options: object) => Bare };

const EMPTY = { runs: [], orders: [] };
const waiting = new Map<string, Set<(reply: object) => void>>();
const app = fastify({ keepAliveTimeout: 75_000 });

const kindOf = ({ params, body }: Request) => `${params.tenant} ${body.labels.join()}`;

/** Answers with a run as soon as there is one, or with none when the time is over. */
async function claim(request: Request, { raw }: Reply): Promise<object> {
  const kind = waiting.get(kindOf(request)) ?? new Set();
  waiting.set(kindOf(request), kind);
  const { promise, resolve: answer } = Promise.withResolvers<object>();
  kind.add(answer);
  raw.once("close", () => answer(EMPTY));
  const timer = setTimeout(() => answer(EMPTY), request.body.waitSeconds * 1_000);
  const reply = await promise;
  clearTimeout(timer);
  kind.delete(answer);
  return reply;
}

/** Wakes the one that has waited longest. */
async function start(request: Request): Promise<object> {
  const [first] = waiting.get(kindOf(request)) ?? [];
  first?.({ ...EMPTY, runs: [{ labels: request.body.labels }] });
  return {};
}

app.route({ method: "POST", url: "/claims/:tenant", handler: claim });
app.route({ method: "POST", url: "/runs/:tenant", handler: start });

const url = await app.listen({ port: 0, host: "127.0.0.1" });

serve({ port: async () => [Number(new URL(url).port)] });
