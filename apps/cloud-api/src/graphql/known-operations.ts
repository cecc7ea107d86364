import { createHash } from "node:crypto";
import { dashboardOperations } from "@weir/cloud-dashboard";
import { Refusal } from "@weir/protocol";
import type { GraphQLParams } from "graphql-yoga";

/** Operations that may be asked for by an id in the place of their text: those of the dashboard that this cloud serves. */
export class KnownOperations {
  readonly #texts: ReadonlyMap<string, string>;
  readonly #areAlone: boolean;

  /** @param sessions what a browser's session may send: any operation, or these alone */
  constructor(sessions: "any" | "dashboard", texts = dashboardOperations()) {
    this.#texts = texts;
    this.#areAlone = sessions === "dashboard";
  }

  /**
   * The operation that a body asks for, with its text. `{ extensions: { operationId }, variables }` has none of its own.
   * @param isOfBrowser a person's session opened the door, and no key
   * @throws Refusal INVALID, OPERATION_UNKNOWN, or FORBIDDEN for a text that browsers' sessions may not send
   */
  read(body: unknown, isOfBrowser: boolean): GraphQLParams {
    const params = (typeof body === "object" && body !== null ? body : {}) as GraphQLParams;
    if ("query" in params) {
      if (this.#areAlone && isOfBrowser && !this.#texts.has(idOf(params.query))) throw notOfTheDashboard();
      return params;
    }
    const id: unknown = params.extensions?.operationId;
    if (typeof id !== "string") throw noOperation();
    const query = this.#texts.get(id);
    if (query === undefined) throw unknownOperation();
    return { ...params, query };
  }
}

function idOf(text: unknown): string {
  return createHash("sha256").update(String(text)).digest("hex");
}

function noOperation(): Refusal {
  const sentence =
    'The body must be one operation: { "query": "…", "variables": { … } }. Lists of operations are not served.';
  return new Refusal("INVALID", sentence);
}

function unknownOperation(): Refusal {
  const sentence =
    "This cloud knows no operation by that id: it knows those of its own dashboard alone. Send the operation's text as `query`.";
  return new Refusal("OPERATION_UNKNOWN", sentence);
}

function notOfTheDashboard(): Refusal {
  const sentence =
    "This cloud takes from browsers' sessions the operations of its dashboard alone, and this is none of them. Load the page again, or send the operation with an API key.";
  return new Refusal("FORBIDDEN", sentence);
}
