import { readFileSync } from "node:fs";
import { STATE_NAMES, STATES } from "@weir/protocol";

/** One file of the dashboard, as a server hands it out. */
export interface DashboardFile {
  /** Where it is served: `/` is the page itself. */
  readonly path: string;
  readonly type: string;
  readonly body: string;
}

/**
 * The only sources that the page needs. Nothing inline, nothing of a third party, no form that posts, no frame around it: whatever gets into
 * the page as text cannot become code, and could send what it finds nowhere.
 */
export const DASHBOARD_CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const TEXT_FILES = [
  { path: "/", file: "index.html", type: "text/html; charset=utf-8" },
  { path: "/dashboard.css", file: "dashboard.css", type: "text/css; charset=utf-8" },
  { path: "/dashboard.js", file: "dashboard.js", type: "text/javascript; charset=utf-8" },
  { path: "/weir.svg", file: "weir.svg", type: "image/svg+xml" },
] as const;

/**
 * All files of the dashboard. They hold no data and need no credential: whoever opens the page shows it a key, which it sends to `/graphql`
 * of the server that served it.
 */
export function dashboardFiles(): DashboardFile[] {
  const files = TEXT_FILES.map(({ path, file, type }) => ({
    path,
    type,
    body: readFileSync(new URL(`./page/${file}`, import.meta.url), "utf8"),
  }));
  return [...files, { path: "/states.css", type: "text/css; charset=utf-8", body: stateColours() }];
}

/** The colours of the protocol's states: the page keeps no list of its own. */
function stateColours(): string {
  return STATE_NAMES.map((state) => `[data-state="${state}"] { --state: ${STATES[state].color}; }\n`).join("");
}
