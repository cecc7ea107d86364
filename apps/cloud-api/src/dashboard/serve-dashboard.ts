import { DASHBOARD_CSP, DASHBOARD_PAGES, type DashboardFile, dashboardFiles } from "@weir/cloud-dashboard";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

const FOR_EVER = "public, max-age=31536000, immutable";

/**
 * Serves the dashboard's files from memory. Public, since they are the same for everybody and hold no data: what the page shows it asks
 * of `/graphql`, as whoever signed in, or with the key that its user gave it.
 */
export function serveDashboard(app: FastifyInstance): void {
  const files = dashboardFiles();
  for (const file of files) {
    if (file.path !== "/index.html") serve(app, file.path, file);
    else for (const path of DASHBOARD_PAGES) serve(app, path, file);
  }
}

function serve(app: FastifyInstance, path: string, { type, body, packed, isForEver }: DashboardFile): void {
  app.get(path, { config: { auth: "public" } }, (request, reply) => {
    // Its own policy in the place of the app's: stricter, and without `upgrade-insecure-requests`, which would keep the page from its
    // own files wherever a cloud is reached by plain HTTP.
    void reply.header("content-security-policy", DASHBOARD_CSP).header("vary", "accept-encoding").type(type);
    void reply.header("cache-control", isForEver ? FOR_EVER : "no-cache");
    return packed !== null && takesBrotli(request) ? sendPacked(reply, packed) : reply.send(body);
  });
}

function takesBrotli({ headers }: FastifyRequest): boolean {
  return /\bbr\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(headers["accept-encoding"] ?? "");
}

function sendPacked(reply: FastifyReply, packed: Buffer): FastifyReply {
  return reply.header("content-encoding", "br").send(packed);
}
