import type { Io } from "../io.ts";
import { shortPath } from "../terminal/short-path.ts";
import type { Stack } from "./stack.ts";

/** Where things are, while the stack is up. */
export interface Urls {
  readonly dashboard: string;
  readonly cloud: string;
  readonly graphql: string;
  readonly keys: string;
  readonly logs: readonly string[];
}

/** @param dashboard where to look first */
export function urlsOf(stack: Stack, dashboard: string): Urls {
  return { dashboard, cloud: `${stack.url}/`, graphql: `${stack.url}/graphql`, ...filesOf(stack) };
}

/** What is there also when the stack is not up. */
export function filesOf({ keys, cloud, agent }: Stack): Pick<Urls, "keys" | "logs"> {
  return { keys: keys.path, logs: [cloud.logFile, agent.logFile].filter((file) => file !== null) };
}

/** What is up, for people. */
export function urlLines(io: Io, stack: Stack, dashboard: string): string[] {
  const urls = urlsOf(stack, dashboard);
  const { dim, cyan } = io.paint;
  const row = (name: string, value: string): string => `  ${dim(name.padEnd(10))} ${value}`;
  return [
    row("dashboard", cyan(urls.dashboard)),
    row("GraphQL", cyan(urls.graphql)),
    row("keys", `${shortPath(io.cwd, urls.keys)} ${dim("(a user key and an agent key, readable by you alone)")}`),
    row("logs", urls.logs.map((file) => shortPath(io.cwd, file)).join("  ")),
  ];
}
