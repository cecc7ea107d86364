import { REFUSALS } from "@weir/protocol";
import { neededOf } from "../../../rights/needed.ts";
import { costOf } from "../../cost-limit.ts";
import {
  getNamedType,
  type GraphQLArgument,
  type GraphQLInputField,
  isInputObjectType,
  isObjectType,
  parse,
} from "../../graphql-js.ts";
import { QUERY_LIMITS } from "../../query-limits.ts";
import { schema } from "../../schema.ts";
import { type OperationKind, type RootField, rootFields } from "../places.ts";
import { isConnection } from "../selections.ts";
import { operationOf } from "./example.ts";
import { EXAMPLES } from "./examples.ts";
import { INTRODUCTION } from "./introduction.ts";
import { ReachableRefusals } from "./reachable-refusals.ts";

const TITLES: Readonly<Record<OperationKind, string>> = {
  query: "Queries",
  mutation: "Mutations",
  subscription: "Subscriptions",
};

/** Of every operation: they stand in no list of their own. */
const OF_ALL: ReadonlySet<string> = new Set(["FORBIDDEN", "INVALID", "UNAUTHENTICATED", "KEY_EXPIRED", "KEY_REVOKED"]);
const PAGING: ReadonlySet<string> = new Set(["first", "last", "after", "before"]);

/** docs/graphql.md. @throws Error for a root field that has no example */
export function referencePage(): string {
  const refusals = new ReachableRefusals();
  const roots = rootFields(schema).toSorted((one, other) => one.field.name.localeCompare(other.field.name));
  const parts = (["query", "mutation", "subscription"] as const).map((kind) => {
    const sections = roots.filter((root) => root.kind === kind).map((root) => sectionOf(root, refusals));
    return `## ${TITLES[kind]}\n\n${sections.join("\n\n")}`;
  });
  return `${INTRODUCTION.replace("{limits}", limitsTable()).replace("{codes}", codesTable())}\n${parts.join("\n\n")}\n`;
}

function limitsTable(): string {
  const { depth, aliases, directives, tokens, nesting, cost, pageSize, maxPageSize, bodyBytes } = QUERY_LIMITS;
  return table(
    ["of one request", "at most"],
    [
      ["fields of the reply (`cost`), a list counted as long as its page may be", String(cost)],
      ["rows of a page; without `first` or `last` it has " + String(pageSize), String(maxPageSize)],
      ["levels of fields", String(depth)],
      ["aliases", String(aliases)],
      ["directives", String(directives)],
      ["tokens of the document", String(tokens)],
      ["brackets open at once", String(nesting)],
      ["bytes of the body", String(bodyBytes)],
    ],
  );
}

function codesTable(): string {
  const rows = Object.entries(REFUSALS).map(([code, { status, retryable }]) => [
    `\`${code}\``,
    String(status),
    retryable ? "yes" : "",
  ]);
  return table(["code", "HTTP status at the door", "may succeed later"], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

function sectionOf(root: RootField, refusals: ReachableRefusals): string {
  const { field, kind } = root;
  const lines = argumentLines(field.args);
  return [
    `### \`${field.name}\``,
    ...(field.description ? [field.description] : []),
    [needs(root), costs(root), ...(kind === "query" ? [] : mayRefuse(field.name, refusals))].join(" "),
    ...(lines.length === 0 ? [] : [lines.join("\n")]),
    exampleBlock(root),
  ].join("\n\n");
}

function needs({ field }: RootField): string {
  const needed = neededOf(field.extensions) ?? [];
  return needed.length === 0 ? "For whoever has a key." : `Needs ${needed.map((one) => `\`${one}\``).join(", ")}.`;
}

function costs(root: RootField): string {
  const example = exampleOf(root);
  const document = parse(operationOf(root, example));
  const cost = costOf({ schema, document, operationName: null, variableValues: { ...example.variables } });
  const named = getNamedType(root.field.type);
  const paged = isObjectType(named) && isConnection(named) ? ", most of it times `first`" : "";
  return `Costs ${Math.round(cost)} as asked below${paged}.`;
}

function mayRefuse(name: string, refusals: ReachableRefusals): string[] {
  const codes = refusals.of(name).filter((code) => !OF_ALL.has(code));
  return codes.length === 0 ? [] : [`Can refuse with ${codes.map((code) => `\`${code}\``).join(", ")}.`];
}

function argumentLines(inputs: readonly (GraphQLArgument | GraphQLInputField)[], above = ""): string[] {
  const isPaged =
    above === "" && inputs.some(({ name }) => name === "after") && inputs.some(({ name }) => name === "first");
  const own = isPaged ? inputs.filter(({ name }) => !PAGING.has(name)) : inputs;
  const lines = own.flatMap((input) => argumentLine(input, above));
  return isPaged ? [...lines, "- `first`, `after`, `last`, `before`: [pages](#pages)"] : lines;
}

function argumentLine(input: GraphQLArgument | GraphQLInputField, above: string): string[] {
  const { name, type, description, defaultValue } = input;
  const named = getNamedType(type);
  const byDefault = defaultValue === undefined ? "" : ` = ${JSON.stringify(defaultValue)}`;
  const own = `- \`${above}${name}\`: \`${String(type)}${byDefault}\`${description ? ` – ${description}` : ""}`;
  if (!isInputObjectType(named)) return [own];
  return [own, ...argumentLines(Object.values(named.getFields()), `${above}${name}.`)];
}

function exampleBlock(root: RootField): string {
  const example = exampleOf(root);
  const variables =
    example.variables === undefined
      ? ""
      : `,\n  "variables": ${JSON.stringify(example.variables, null, 1).replace(/\s*\n\s*/g, " ")}`;
  const command = root.kind === "subscription" ? "follow" : "ask";
  const body = `{\n  "query": ${JSON.stringify(operationOf(root, example))}${variables}\n}`;
  return `\`\`\`sh\n${command} <<'JSON'\n${body}\nJSON\n\`\`\``;
}

function exampleOf({ field }: RootField) {
  const example = EXAMPLES[field.name];
  if (example !== undefined) return example;
  throw new Error(`${field.name} has no example: say one in graphql/testing/reference/examples.ts or beside it.`);
}
