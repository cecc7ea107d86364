import type { ApiKey } from "../connection/answers.ts";
import { allPages, withCloud } from "../connection/cloud.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { cleanLine } from "../terminal/clean.ts";
import { ago } from "../terminal/quantity.ts";
import { type Column, tableLines } from "../terminal/table.ts";

/** `weir keys list` */
export async function list(io: Io, _args: readonly string[], options: { json?: boolean }): Promise<ExitCode> {
  const keys = await withCloud(io, (cloud) => allPages(async (page) => (await cloud.ask("ApiKeys", page)).apiKeys));
  if (options.json) printDocument(io, { apiKeys: keys });
  else for (const text of tableLines(io, columns(io, Date.now()), keys)) line(io, text);
  return EXIT.ok;
}

function columns(io: Io, now: number): Column<ApiKey>[] {
  return [
    { title: "id", width: 36, text: ({ id }) => id },
    { title: "name", width: 18, text: ({ name }) => cleanLine(name) },
    { title: "may", width: 12, text: (key) => cleanLine(rightsOf(key)) },
    {
      title: "used",
      width: 9,
      text: ({ lastUsedAt }) => (lastUsedAt === null ? "never" : ago(Date.parse(lastUsedAt), now)),
    },
    {
      title: "state",
      width: 20,
      text: (key) => stateOf(key, now),
      paint: (text, key) => (stateOf(key, now) === "good" ? text : io.paint.dim(text)),
    },
  ];
}

/** The role, or how much is on its list. */
function rightsOf({ scope, role, permissions }: ApiKey): string {
  if (scope === "agent") return "agent";
  return role ?? `${permissions.length} ${permissions.length === 1 ? "right" : "rights"}`;
}

function stateOf({ revokedAt, expiresAt }: ApiKey, now: number): string {
  if (revokedAt !== null) return `revoked ${ago(Date.parse(revokedAt), now)}`;
  if (expiresAt === null) return "good";
  return Date.parse(expiresAt) <= now ? "expired" : `good until ${expiresAt.slice(0, 10)}`;
}
