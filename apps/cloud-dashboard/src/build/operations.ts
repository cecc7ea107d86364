import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { codegen } from "@graphql-codegen/core";
import * as types from "@graphql-codegen/typescript-operations";
import { buildSchema, type DocumentNode, type FragmentDefinitionNode, Kind, parse, print, visit } from "graphql";

/** An operation of the page, with the fragments that it needs. */
export interface PageOperation {
  readonly name: string;
  readonly kind: string;
  readonly text: string;
  /** SHA-256 of the text: how the page names it. */
  readonly id: string;
}

interface Source {
  readonly location: string;
  readonly document: DocumentNode;
}

/** All operations that stand in the page's `.graphql` files, by name. @throws Error two have one name, or a fragment is nowhere */
export function readOperations(page: string): { operations: PageOperation[]; sources: Source[] } {
  const sources = globSync("**/*.graphql", { cwd: page })
    .toSorted()
    .map((file) => ({ location: file, document: parse(readFileSync(join(page, file), "utf8")) }));
  const definitions = sources.flatMap(({ document }) => document.definitions);
  const fragments = new Map(
    definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
  );
  const operations = definitions.flatMap((node) => {
    if (node.kind !== Kind.OPERATION_DEFINITION) return [];
    if (node.name === undefined) throw new Error("Every operation of the page needs a name.");
    const text = [node, ...needed(node, fragments)].map((part) => print(part)).join("\n\n");
    const id = createHash("sha256").update(text).digest("hex");
    return [{ name: node.name.value, kind: node.operation, text, id }];
  });
  const names = operations.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new Error(`Two operations of the page are called ${twice}.`);
  return { operations: operations.toSorted((a, b) => a.name.localeCompare(b.name)), sources };
}

function needed(root: Parameters<typeof print>[0], all: ReadonlyMap<string, FragmentDefinitionNode>) {
  const found = new Set<FragmentDefinitionNode>();
  const look = (node: Parameters<typeof print>[0]): void =>
    void visit(node, {
      FragmentSpread: ({ name }) => {
        const fragment = all.get(name.value);
        if (fragment === undefined) throw new Error(`There is no fragment ${name.value}.`);
        if (!found.has(fragment)) look((found.add(fragment), fragment));
      },
    });
  look(root);
  return found;
}

const SCALARS = { DateTime: "string", JSON: 'import("@weir/protocol").Json', ID: "string" };
const HEAD = "// Written by the build from the `.graphql` files of the page and the cloud's schema.\n";

/** The page's `generated/operations.ts`: a constant for each operation, with the types of its variables and of its data. */
export async function writeOperations(schemaText: string, page: string): Promise<string> {
  const { operations, sources } = readOperations(page);
  const config = {
    scalars: SCALARS,
    enumsAsTypes: true,
    skipTypename: true,
    useTypeImports: true,
    avoidOptionals: { field: true },
    maybeValue: "T | null",
    immutableTypes: true,
  };
  const typesText = await codegen({
    filename: "operations.ts",
    schema: parse(schemaText),
    schemaAst: buildSchema(schemaText),
    documents: sources,
    config: {},
    plugins: [{ types: config }],
    pluginMap: { types },
  });
  const constants = operations.map(({ name, kind, text, id }) => {
    const result = `${name}${kind[0]?.toUpperCase()}${kind.slice(1)}`;
    const what = JSON.stringify({ name, kind, id, text });
    return `export const ${name}: Operation<${result}, ${result}Variables> = ${what};`;
  });
  return `${HEAD}import type { Operation } from "../cloud/operation.ts";\n\n${typesText}\n\n${constants.join("\n")}\n`;
}
