import type { DashboardFile } from "../../index.ts";

/** What a browser loads before a page is there. */
export interface FirstLoad {
  readonly scripts: readonly string[];
  /** Of the scripts, as they go over the wire. */
  readonly bytes: number;
}

/** Follows what the page's script and that of one page import before they run, from file to file. @param page name of its script */
export function firstLoadOf(files: readonly DashboardFile[], page: string): FirstLoad {
  const scripts = new Map(files.filter(({ path }) => path.endsWith(".js")).map((file) => [file.path, file]));
  const html = files.find(({ path }) => path === "/index.html")?.body.toString() ?? "";
  const begun = [...html.matchAll(/src="([^"]+\.js)"/g)].map(([, path = ""]) => path);
  const ofPage = [...scripts.keys()].filter((path) => path.startsWith(`/assets/${page}-`));
  const found = new Set<string>();
  for (const waiting = [...begun, ...ofPage]; waiting.length > 0;) {
    const path = waiting.pop() ?? "";
    const file = scripts.get(path);
    if (file === undefined || found.has(path)) continue;
    found.add(path);
    waiting.push(...importsOf(file.body.toString()));
  }
  const bytes = [...found].reduce((sum, path) => sum + (scripts.get(path)?.packed?.length ?? 0), 0);
  return { scripts: [...found], bytes };
}

/** Not what `import(…)` loads when somebody goes there. */
function importsOf(script: string): string[] {
  return [...script.matchAll(/(?:\bfrom|\bimport)\s*["']\.\/([\w.-]+\.js)["']/g)].map(([, name]) => `/assets/${name}`);
}
