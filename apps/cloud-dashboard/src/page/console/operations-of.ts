import { Kind, type OperationTypeNode, parse, print } from "graphql";

/** An operation that a document holds. */
export interface TypedOperation {
  /** Null: it has none, and is the only one. */
  readonly name: string | null;
  readonly kind: `${OperationTypeNode}`;
}

/** The operations of what a person typed; none while it cannot be parsed. */
export function operationsOf(text: string): TypedOperation[] {
  try {
    return parse(text).definitions.flatMap((node) =>
      node.kind === Kind.OPERATION_DEFINITION ? [{ name: node.name?.value ?? null, kind: node.operation }] : [],
    );
  } catch {
    return [];
  }
}

/** The document as everybody lays it out, without its comments; as it was while it cannot be parsed. */
export function prettified(text: string): string {
  try {
    return `${print(parse(text))}\n`;
  } catch {
    return text;
  }
}

/**
 * Variables as a person typed them; nothing at all is none.
 * @throws Error what is wrong with them
 */
export function readVariables(text: string): object {
  if (text.trim() === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`The variables are no JSON: ${(error as Error).message}`, { cause: error });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new Error('The variables are a JSON object with a value for each: { "id": "…" }');
}
