import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Guard, GuardKind } from "./guard.ts";

const SOURCES = "apps/cloud-api/src";

/** Where a guard of a kind stands in the sources, and what stands there without it. */
interface Pattern {
  readonly kind: GuardKind;
  readonly files: string;
  readonly found: RegExp;
  readonly without: (match: RegExpExecArray) => string;
}

const PATTERNS: readonly Pattern[] = [
  {
    kind: "permission",
    files: `${SOURCES}/**/*.graphql.ts`,
    found: /authScopes: \{ may: (?:"[a-z:]+"|\[[^\]]*\]) \}/g,
    without: () => "authScopes: { user: true }",
  },
  {
    kind: "route",
    files: `{${SOURCES},packages/protocol/src}/**/*.ts`,
    found: /\b(?:auth|token): "(?:user|person|session|run|agent-key)"|\badd\("(?:person|user)"(?=, \{)/g,
    without: ([text]) => text.replace(/"[^"]*"/, '"public" as never'),
  },
  {
    kind: "scope",
    files: `${SOURCES}/**/*.ts`,
    // The parameter stays in the statement, or Postgres would not know its type.
    found: /\(?\b(?:\w+\.)?tenant_id\)? = \$(\d+)(?:::uuid)?\)?/g,
    without: ([text, number]) => {
      const opened = text.startsWith("(") ? "(" : "";
      const closed = text.endsWith(")") ? ")" : "";
      return `${opened}$${number}::uuid is not null${closed}`;
    },
  },
  {
    kind: "scope",
    files: `${SOURCES}/**/*.ts`,
    found: /where: \{ tenantId(, [^{}]*)?( \})/g,
    without: ([, rest = ""]) => `where: { ${rest.replace(/^, /, "")} }`,
  },
];

/** Every guard of the cloud that can be found by what it looks like: one that is added later is among them. */
export function findGuards(root: string): Guard[] {
  return [...PATTERNS.flatMap((pattern) => inSources(root, pattern)), ...policies(root)];
}

function inSources(root: string, { kind, files, found, without }: Pattern): Guard[] {
  const paths = globSync(files, { cwd: root }).filter(
    (path) => !/\.test\.ts$|\/testing\/|\/generated\/|check-invariants/.test(path),
  );
  return paths.toSorted().flatMap((file) => {
    const text = readFileSync(join(root, file), "utf8");
    const seen = new Map<string, number>();
    return [...text.matchAll(found)].flatMap((match) => {
      if (isComment(text, match.index)) return [];
      const [guard] = match;
      const times = (seen.get(guard) ?? 0) + 1;
      seen.set(guard, times);
      // Not by its line: a verdict shall stand as long as the guard does.
      const name = `${file.replace(`${SOURCES}/`, "")} ${guard}${times === 1 ? "" : ` (${times})`}`;
      return [{ kind, file, name, at: match.index, text: guard, replace: without(match) }];
    });
  });
}

function isComment(text: string, at: number): boolean {
  return /^\s*(\/\/|\*|--)/.test(text.slice(text.lastIndexOf("\n", at) + 1, at));
}

/** A policy is taken out behind the last migration. */
function policies(root: string): Guard[] {
  const schema = readFileSync(join(root, "prisma/schema.prisma"), "utf8");
  const tables = [...schema.matchAll(/@@map\("(\w+)"\)/g)].map(([, table = ""]) => table);
  const enums = new Set([...schema.matchAll(/enum \w+ \{[^}]*@@map\("(\w+)"\)/g)].map(([, name]) => name));
  const last = globSync("prisma/migrations/*/migration.sql", { cwd: root }).toSorted().at(-1) ?? "";
  const { length } = readFileSync(join(root, last), "utf8");
  return tables
    .filter((table) => !enums.has(table))
    .map((table) => ({
      kind: "policy",
      name: `policy of the table ${table}`,
      file: last,
      at: length,
      text: "",
      replace: `\nalter policy tenant on "${table}" using (true) with check (true);\n`,
    }));
}
