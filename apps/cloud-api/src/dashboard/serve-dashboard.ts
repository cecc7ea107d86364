import { DASHBOARD_CSP, dashboardFiles } from "@weir/cloud-dashboard";
import type { FastifyInstance } from "fastify";

/**
 * Serves the dashboard's files from memory. Public, since they are the same for everybody and hold no data: what the page shows it asks
 * of `/graphql`, with the key that its user gave it.
 */
export function serveDashboard(app: FastifyInstance): void {
  for (const { path, type, body } of dashboardFiles()) {
    app.get(path, { config: { auth: "public" } }, (_request, reply) =>
      // Its own policy in the place of the app's: stricter, and without `upgrade-insecure-requests`, which would keep the page from its
      // own files wherever a cloud is reached by plain HTTP.
      reply.header("content-security-policy", DASHBOARD_CSP).header("cache-control", "no-cache").type(type).send(body),
    );
  }
}
