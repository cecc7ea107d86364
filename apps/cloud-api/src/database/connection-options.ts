/** The role that the cloud works as. It owns nothing and cannot bypass row-level security; a migration makes it. */
const APP_ROLE = "weir_app";

/**
 * A connection string whose sessions begin with server settings.
 * @example withSettings("postgres://db/weir", "-c jit=off")
 */
function withSettings(url: string, settings: string): string {
  const changed = new URL(url);
  const own = changed.searchParams.get("options");
  changed.searchParams.set("options", own === null ? settings : `${own} ${settings}`);
  // URLSearchParams writes a space as +, which pg takes for a plus.
  changed.search = changed.search.replaceAll("+", "%20");
  return changed.href;
}

/** Where the cloud works, where it listens for NOTIFY, and where it migrates. */
export interface DatabaseUrls {
  readonly app: string;
  readonly direct: string;
  readonly owner: string;
}

/** What a database of one's own is reached by. `directUrl`: the same past a pooler that `url` goes through. */
export interface DatabaseLogins {
  readonly url: string;
  readonly ownerUrl?: string;
  readonly directUrl?: string;
}

/** With a login for each, both are taken as they are; with one for both, the cloud works as its own role. */
export function databaseUrls({ url, ownerUrl, directUrl = url }: DatabaseLogins): DatabaseUrls {
  const asApp = (login: string) => (ownerUrl === undefined ? withSettings(login, `-c role=${APP_ROLE}`) : login);
  return { app: asApp(url), direct: asApp(directUrl), owner: ownerUrl ?? url };
}
