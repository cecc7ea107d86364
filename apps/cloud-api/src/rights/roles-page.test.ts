import { type Permission, PERMISSIONS, ROLES } from "@weir/protocol";
import { expect, test } from "vitest";
import { isObjectType } from "../graphql/graphql-js.ts";
import { schema } from "../graphql/schema.ts";
import { rootFields } from "../graphql/testing/places.ts";
import { neededOf } from "./needed.ts";
import { REACH_OF_AGENT_KEYS } from "./require-held.ts";

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
};

const PEOPLE = Object.entries<readonly Permission[]>(ROLES).filter(([name]) => name !== "agent");

function permissionsTable(): string {
  const rows = Object.entries(PERMISSIONS).map(([permission, about]) => [
    `\`${permission}\``,
    about,
    ...PEOPLE.map(([, held]) => (held.includes(permission as Permission) ? "yes" : "")),
  ]);
  return table(["permission", "to", ...PEOPLE.map(([name]) => name)], rows);
}

function operationsTable(): string {
  const rows = rootFields(schema)
    .map(({ kind, field }) => {
      const needed = neededOf(field.extensions) ?? [];
      const told = needed.length === 0 ? "none: whoever is signed in" : needed.map((one) => `\`${one}\``).join(", ");
      return [`\`${field.name}\``, kind, told];
    })
    .toSorted(([one = ""], [other = ""]) => one.localeCompare(other));
  return table(["operation", "kind", "needs"], rows);
}

const told = (needed: readonly string[]) => needed.map((one) => `\`${one}\``).join(", ");

function typesTable(): string {
  const roots = new Set([schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]);
  const types = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type) && !roots.has(type));
  const rows = types.flatMap((type) => {
    if (!isObjectType(type)) return [];
    const own = [type.name, ...Object.keys(type.getFields()).map((name) => `${type.name}.${name}`)];
    const said = [type, ...Object.values(type.getFields())].map(({ extensions }) => neededOf(extensions));
    return own.flatMap((name, i) => (said[i] ? [[`\`${name}\``, told(said[i])]] : []));
  });
  return table(
    ["type or field", "needs"],
    rows.toSorted(([one = ""], [other = ""]) => one.localeCompare(other)),
  );
}

const page = () => `# Roles and permissions

Written by a test, from the same tables that the cloud checks by: \`vitest run apps/cloud-api/src/rights/roles-page.test.ts -u\` writes it anew. How roles are
given, and how a tenant makes its own, is in [operate.md](operate.md#roles).

## What each role holds

The role \`agent\` is of agents' keys alone: it opens the run door, and holds none of these. Whoever makes such a key holds what
it lets flows do there: ${REACH_OF_AGENT_KEYS.map((name) => `\`${name}\``).join(", ")}.

${permissionsTable()}

## What each operation needs

Of GraphQL. Some fields below need a permission more: parameters and defaults \`parameter:read\`, log lines \`log:read\`, artifacts \`artifact:read\`, all that the
cloud holds of a run these three.

${operationsTable()}

## What types and fields need

Whatever operation leads to them.

${typesTable()}
`;

test("docs/roles.md is what is checked: a change of it is a change of who may do what", async () => {
  await expect(page()).toMatchFileSnapshot("../../../../docs/roles.md");
});
