import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type RouteComponent,
} from "@tanstack/react-router";
import { readRunsSearch } from "../flow-runs/runs-search.ts";
import { readRunSearch } from "../flow-runs/run-search.ts";
import { readFlowsSearch } from "../flows/flows-search.ts";
import { readStartSearch } from "../flows/start-search.ts";
import { readVersionSearch } from "../flows/version-search.ts";
import { readLogsSearch } from "../logs/logs-search.ts";
import { readOverviewSearch } from "../overview/overview-search.ts";
import { NotFoundPage } from "./not-found-page.tsx";
import { ownSearch } from "./own-search.ts";
import { patiently } from "./page-code.ts";
import { ProblemPage } from "./problem-page.tsx";
import { Shell } from "./shell.tsx";

const root = createRootRoute({ component: Shell, notFoundComponent: NotFoundPage, errorComponent: ProblemPage });

type Page = () => Promise<{ Page: RouteComponent }>;

const code = (load: Page) => lazyRouteComponent(() => patiently(load), "Page");

/** A page whose code is loaded when somebody goes there. */
function page<const Path extends string>(path: Path, load: Page) {
  return createRoute({ getParentRoute: () => root, path, component: code(load) });
}

const overview = createRoute({
  getParentRoute: () => root,
  path: "/",
  validateSearch: ownSearch(readOverviewSearch),
  component: code(() => import("../overview/overview-page.tsx")),
});
const runs = createRoute({
  getParentRoute: () => root,
  path: "/runs",
  validateSearch: ownSearch(readRunsSearch),
  component: code(() => import("../flow-runs/runs-page.tsx")),
});
const run = createRoute({
  getParentRoute: () => root,
  path: "/runs/$runId",
  validateSearch: ownSearch(readRunSearch),
  component: code(() => import("../flow-runs/run-page.tsx")),
});
const logs = createRoute({
  getParentRoute: () => root,
  path: "/runs/$runId/logs",
  validateSearch: ownSearch(readLogsSearch),
  component: code(() => import("../logs/logs-page.tsx")),
});

const flows = createRoute({
  getParentRoute: () => root,
  path: "/flows",
  validateSearch: ownSearch(readFlowsSearch),
  component: code(() => import("../flows/flows-page.tsx")),
});
const start = createRoute({
  getParentRoute: () => root,
  path: "/flows/$flowId/run",
  validateSearch: ownSearch(readStartSearch),
  component: code(() => import("../flows/start-page.tsx")),
});
const version = createRoute({
  getParentRoute: () => root,
  path: "/flows/$flowId/versions/$number",
  validateSearch: ownSearch(readVersionSearch),
  component: code(() => import("../flows/version-page.tsx")),
});

const tree = root.addChildren([
  overview,
  runs,
  run,
  logs,
  page("/runs/$runId/tasks/$number", () => import("../task-runs/task-run-page.tsx")),
  page("/runs/$runId/compare/$otherId", () => import("../flow-runs/compare-page.tsx")),
  flows,
  page("/flows/$flowId", () => import("../flows/flow-page.tsx")),
  start,
  version,
  page("/agents", () => import("../agents/agents-page.tsx")),
  page("/agents/enrol", () => import("../agents/enrol-page.tsx")),
  page("/limits", () => import("../limits/limits-page.tsx")),
  page("/kv", () => import("../kv/kv-page.tsx")),
  page("/keys", () => import("../api-keys/keys-page.tsx")),
  page("/members", () => import("../members/members-page.tsx")),
  page("/audit", () => import("../audit-log/audit-page.tsx")),
  page("/settings", () => import("../settings/settings-page.tsx")),
  page("/holdings", () => import("../holdings/holdings-page.tsx")),
  page("/browser-keys", () => import("../seal/browser-keys-page.tsx")),
  page("/graphiql", () => import("../console/console-page.tsx")),
]);

export const router = createRouter({
  routeTree: tree,
  defaultPreload: "intent",
  scrollRestoration: true,
  defaultErrorComponent: ProblemPage,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
