import { CLASS_KEYWORD, type DataClass } from "@weir/protocol";
import type { TSchema } from "typebox";

/** Names of a field that tell what went wrong; together they are one thing to the policy. */
export interface Told {
  /** Longest message, characters. */
  readonly messageLength: number;
}

/** What the gate has to look at in a value; what it does then is the policy's to say. */
export type Work =
  | { readonly kind: "text"; readonly dataClass: DataClass; readonly maxLength: number }
  /** A JSON value of any shape. */
  | { readonly kind: "json"; readonly dataClass: DataClass }
  | { readonly kind: "digest" }
  /** `told`: the fields `message` and `failure`, which are of one error. */
  | { readonly kind: "fields"; readonly fields: readonly (readonly [name: string, work: Work])[]; readonly told?: Told }
  | { readonly kind: "list"; readonly items: Work }
  /** One of several events, by the literal of its field `kind`; they may be of different tasks. */
  | { readonly kind: "event"; readonly branches: ReadonlyMap<string, Work | null> }
  /** Where code lies. Sealed, it is sealed as a whole. */
  | { readonly kind: "storage" };

interface Node {
  readonly [CLASS_KEYWORD]?: DataClass;
  readonly const?: unknown;
  readonly maxLength?: number;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
}

/** Classes of texts that stand alone. Paths and digests of code are of the class `config`, and are sealed as one. */
const TEXT_CLASSES: ReadonlySet<DataClass> = new Set(["log", "exception", "run-name", "location"]);

function leaf(node: Node, dataClass: DataClass): Work | null {
  if (dataClass === "metadata") return null;
  if (dataClass === "digest") return { kind: "digest" };
  if (TEXT_CLASSES.has(dataClass) && node.maxLength !== undefined)
    return { kind: "text", dataClass, maxLength: node.maxLength };
  return { kind: "json", dataClass };
}

const kindOf = (node: Node): string => String(node.properties?.["kind"]?.const);

function union(branches: readonly Node[]): Work | null {
  if (branches.length === 1 && branches[0]) return planOfNode(branches[0]);
  if (branches.some((branch) => kindOf(branch) === "sealed")) return { kind: "storage" };
  const works = new Map(branches.map((branch) => [kindOf(branch), planOfNode(branch)]));
  return [...works.values()].some((work) => work !== null) ? { kind: "event", branches: works } : null;
}

function fields(properties: Readonly<Record<string, Node>>): Work | null {
  const { message, failure, ...others } = properties;
  const isTold = failure?.properties !== undefined && message?.maxLength !== undefined;
  const told = isTold ? { told: { messageLength: message.maxLength } } : {};
  const list = Object.entries(isTold ? others : properties).flatMap(([name, field]) => {
    const work = planOfNode(field);
    return work ? [[name, work] as const] : [];
  });
  return isTold || list.length > 0 ? { kind: "fields", fields: list, ...told } : null;
}

function planOfNode(node: Node): Work | null {
  const dataClass = node[CLASS_KEYWORD];
  if (dataClass !== undefined) return leaf(node, dataClass);
  if (node.anyOf) return union(node.anyOf);
  if (node.items) {
    const items = planOfNode(node.items);
    return items && { kind: "list", items };
  }
  return fields(node.properties ?? {});
}

/**
 * What has to be done with a message, from its schema alone. Null: nothing, it is metadata all through. Made once per
 * message, so that an event without texts costs a look at two or three fields.
 */
export function planOf(schema: TSchema): Work | null {
  return planOfNode(schema);
}
