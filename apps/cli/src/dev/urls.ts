import type { Io } from "../io.ts";
import { shortPath } from "../terminal/short-path.ts";
import type { Stack } from "./stack.ts";

/** Where things are, while the stack is up. */
export interface Urls {
  readonly cloud: string;
  readonly graphql: string;
  readonly keys: string;
  readonly logs: readonly string[];
}

export function urlsOf({ url, keys, cloud, agent }: Stack): Urls {
  const logs = [cloud.logFile, agent.logFile].filter((file) => file !== null);
  return { cloud: `${url}/`, graphql: `${url}/graphql`, keys: keys.path, logs };
}

/** What is up, for people. */
export function urlLines(io: Io, stack: Stack): string[] {
  const urls = urlsOf(stack);
  const { dim, cyan } = io.paint;
  const row = (name: string, value: string): string => `  ${dim(name.padEnd(10))} ${value}`;
  return [
    row("dashboard", cyan(urls.cloud)),
    row("GraphQL", cyan(urls.graphql)),
    row("keys", `${shortPath(io.cwd, urls.keys)} ${dim("(a user key and an agent key, readable by you alone)")}`),
    row("logs", urls.logs.map((file) => shortPath(io.cwd, file)).join("  ")),
  ];
}
