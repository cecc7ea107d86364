import { CLASS_KEYWORD, type DataClass } from "@weir/protocol";
import type { TSchema } from "typebox";

interface Node {
  readonly [CLASS_KEYWORD]?: DataClass;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
}

/** What stands in each field of a class that is the user's, so that it is found wherever it goes. */
export const canaryOf = (dataClass: DataClass): string => `canary-${dataClass}-`;

/** Fields that the gate adds itself, and the strictness that a message asks for. */
const LEFT_OUT = new Set(["sealKeys", "signature", "boundary"]);
const ID = "0198c0de-0000-7000-8000-000000000001";

/**
 * A message with every field of its schema, user data marked by class and path. A field that is added to the line later is in it too.
 * @param branch which branch of a union is taken, by its number
 */
export function sampleOf(schema: TSchema, branch = 0): unknown {
  return valueOf(schema, "", branch);
}

function valueOf(node: Node, path: string, branch: number): unknown {
  const dataClass = node[CLASS_KEYWORD];
  if (dataClass !== undefined && dataClass !== "metadata") return userData(node, dataClass, path);
  if (node.anyOf) return valueOf(node.anyOf[branch % node.anyOf.length] ?? {}, path, branch);
  if (node.properties) return fieldsOf(node.properties, path, branch);
  if (node.items) return [valueOf(node.items, `${path}[]`, branch)];
  return metadata(node);
}

function fieldsOf(properties: Readonly<Record<string, Node>>, path: string, branch: number): object {
  const entries = Object.entries(properties).filter(([name]) => !LEFT_OUT.has(name));
  return Object.fromEntries(entries.map(([name, node]) => [name, valueOf(node, `${path}.${name}`, branch)]));
}

function userData(node: Node, dataClass: DataClass, path: string): unknown {
  const mark = canaryOf(dataClass) + path;
  if (node.pattern?.includes("a-f") === true) return "a".repeat(64);
  if (node.type === "string") return mark;
  const inner = { name: mark, message: mark, cause: { name: mark, message: mark, stack: mark }, [mark]: mark };
  return node.type === "array" ? [inner] : inner;
}

function metadata(node: Node): unknown {
  if (node.const !== undefined) return node.const;
  if (node.enum) return node.enum[0];
  if (node.type === "integer" || node.type === "number") return Math.max(1, node.minimum ?? 1);
  if (node.type === "boolean") return true;
  if (node.type === "array") return [];
  if (node.type === "null") return null;
  return node.pattern === undefined ? "x" : ID;
}
