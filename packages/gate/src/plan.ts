import { CLASS_KEYWORD, type DataClass } from "@weir/protocol";
import type { TSchema } from "typebox";

/** What the gate does with a value of one class that it has no text or digest work for. */
export type Work =
  /** Only recorded: the class is sent as it is. */
  | { readonly kind: "send"; readonly dataClass: DataClass }
  /** Secrets are struck out, then the text is cut. */
  | { readonly kind: "text"; readonly dataClass: DataClass; readonly maxBytes: number }
  /** The same for every string inside a JSON value. */
  | { readonly kind: "json"; readonly dataClass: DataClass }
  | { readonly kind: "digest"; readonly dataClass: DataClass }
  | { readonly kind: "fields"; readonly fields: readonly (readonly [name: string, work: Work])[] }
  | { readonly kind: "list"; readonly items: Work }
  /** Branches of a union, by the literal of their field `kind`. */
  | { readonly kind: "union"; readonly branches: ReadonlyMap<string, Work | null> };

interface Node {
  readonly [CLASS_KEYWORD]?: DataClass;
  readonly type?: string;
  readonly const?: unknown;
  readonly maxLength?: number;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
}

/** Classes whose texts people and programs write freely, so that a secret may stand in them. */
const REDACTED_CLASSES: ReadonlySet<DataClass> = new Set(["log", "exception", "artifact", "run-name"]);

function leaf(node: Node, dataClass: DataClass): Work | null {
  if (dataClass === "metadata") return null;
  if (dataClass === "digest") return { kind: "digest", dataClass };
  if (!REDACTED_CLASSES.has(dataClass)) return { kind: "send", dataClass };
  if (node.type === "string" && node.maxLength !== undefined)
    return { kind: "text", dataClass, maxBytes: node.maxLength };
  return { kind: "json", dataClass };
}

function union(branches: readonly Node[]): Work | null {
  if (branches.length === 1 && branches[0]) return planOfNode(branches[0]);
  const works = new Map(branches.map((branch) => [String(branch.properties?.["kind"]?.const), planOfNode(branch)]));
  return [...works.values()].some((work) => work !== null) ? { kind: "union", branches: works } : null;
}

function planOfNode(node: Node): Work | null {
  const dataClass = node[CLASS_KEYWORD];
  if (dataClass !== undefined) return leaf(node, dataClass);
  if (node.anyOf) return union(node.anyOf);
  if (node.items) {
    const items = planOfNode(node.items);
    return items && { kind: "list", items };
  }
  const fields = Object.entries(node.properties ?? {}).flatMap(([name, field]) => {
    const work = planOfNode(field);
    return work ? [[name, work] as const] : [];
  });
  return fields.length > 0 ? { kind: "fields", fields } : null;
}

/**
 * What has to be done with a message, from its schema alone. Null: nothing, it is metadata all through. Made once per
 * message, so that an event without texts costs a look at two or three fields.
 */
export function planOf(schema: TSchema): Work | null {
  return planOfNode(schema);
}
