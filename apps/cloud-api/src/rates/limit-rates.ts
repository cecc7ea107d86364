import type { FastifyInstance, FastifyRequest } from "fastify";
import { type Rates, REQUEST_COST } from "./rates.ts";

/**
 * Turns away who asks too often, by the credential that a route asks for. After the hook that reads it: the budgets are of whom it belongs
 * to. Routes of runners (`run`) have no budget. Files of the dashboard and health are no work.
 */
export function limitRates(app: FastifyInstance, rates: Rates): void {
  app.addHook("onRequest", async (request) => take(request, rates));
}

function take(request: FastifyRequest, rates: Rates): void {
  const { principal, session } = request;
  switch (request.routeOptions.config.auth) {
    case "user":
    case "person":
      if (principal !== null) rates.takeCost(principal, REQUEST_COST);
      return;
    case "session":
      if (session !== null) rates.takeClaim(session.tenantId);
      return;
    case "agent-key":
      if (principal !== null) rates.takeEnrolment(principal.tenantId);
      return;
    case "public":
      if (request.method !== "GET") rates.takeStranger(request.ip);
      return;
    case "run":
    case undefined:
  }
}
