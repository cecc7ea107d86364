import { globSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** One file of the dashboard, as a server hands it out. */
export interface DashboardFile {
  /** Where it is served, such as `/assets/main-4f2a.js`. */
  readonly path: string;
  readonly type: string;
  readonly body: Buffer;
  /** The same in Brotli, for browsers that take it; null: it is packed already. */
  readonly packed: Buffer | null;
  /** Its name changes with its content, so that it may be kept for ever. */
  readonly isForEver: boolean;
}

/**
 * The only sources that the page needs. Nothing inline, nothing of a third party, no form that posts, no frame around it, no text that becomes
 * code: whatever gets into the page as text cannot run, and could send what it finds nowhere.
 */
export const DASHBOARD_CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/** The page itself is served at all of these, so that every address can be sent to a colleague. `*`: whatever follows. */
export const DASHBOARD_PAGES: readonly string[] = [
  "/",
  "/runs",
  "/runs/*",
  "/flows",
  "/flows/*",
  "/agents",
  "/agents/*",
  "/limits",
  "/kv",
  "/keys",
  "/members",
  "/audit",
  "/settings",
  "/holdings",
  "/browser-keys",
  "/graphiql",
];

const OPERATIONS = fileURLToPath(new URL("../dist/page/operations.json", import.meta.url));

/**
 * Texts of all operations that the page asks, by the id that it names them by: the SHA-256 of the text.
 * @throws Error the page was not built
 */
export function dashboardOperations(): ReadonlyMap<string, string> {
  try {
    return new Map(Object.entries(JSON.parse(readFileSync(OPERATIONS, "utf8")) as Record<string, string>));
  } catch (error) {
    throw new Error(NOT_BUILT, { cause: error });
  }
}

const NOT_BUILT = "The dashboard is not built. Run `npx -y pnpm@12 install` in the checkout, and start again.";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

const BUILT = fileURLToPath(new URL("../dist/page/", import.meta.url));

/**
 * All files of the dashboard; `/index.html` is the page. They hold no data and need no credential: what the page shows it asks of `/graphql`
 * of the server that served it.
 * @throws Error the page was not built: `pnpm install` does it
 */
export function dashboardFiles(folder = BUILT): DashboardFile[] {
  const names = globSync("**/*.*", { cwd: folder }).filter((name) => TYPES[extname(name)] !== undefined);
  if (!names.includes("index.html")) throw new Error(NOT_BUILT);
  return names.map((name) => ({
    path: `/${name.replaceAll("\\", "/")}`,
    type: TYPES[extname(name)] ?? "application/octet-stream",
    body: readFileSync(join(folder, name)),
    packed: packedOf(join(folder, name)),
    isForEver: name.startsWith("assets"),
  }));
}

function packedOf(file: string): Buffer | null {
  try {
    return readFileSync(`${file}.br`);
  } catch {
    return null;
  }
}
