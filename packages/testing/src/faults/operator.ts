import { readFileSync } from "node:fs";
import type { LocalKeys } from "@weir/cloud-api";
import { askUntil } from "./ask-until.ts";

interface Answer {
  readonly data?: Readonly<Record<string, Record<string, unknown> & { code?: string; message?: string }>>;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

/** How long an operation is repeated while the cloud or its database is away. */
const PATIENCE_MS = 60_000;

/** A person with a script: speaks GraphQL over plain HTTP, and tries again when nobody answers. */
export class Operator {
  readonly #url: string;
  readonly #keysFile: string;

  constructor(url: string, keysFile: string) {
    this.#url = url;
    this.#keysFile = keysFile;
  }

  /** The same idempotency key again creates no second run, so that repeating is safe whatever became of the first reply. */
  async createRun(flow: string, parameters: unknown, idempotencyKey: string): Promise<string> {
    const document = `mutation ($input: CreateFlowRunInput!) { createFlowRun(input: $input) {
      ... on CreateFlowRunPayload { flowRun { id } } ... on Refusal { code message } } }`;
    const input = { project: "default", flow, parameters, idempotencyKey };
    const { flowRun, message } = await this.#mutate("createFlowRun", document, { input });
    if (flowRun === undefined) throw new Error(`createFlowRun was refused: ${message}`);
    return (flowRun as { id: string }).id;
  }

  /** Starts a finished run again. NOT_FINISHED means that the first request was carried out and only its reply was lost. */
  async restartRun(id: string): Promise<void> {
    const document = `mutation ($id: ID!) { restartFlowRun(id: $id) { ... on RestartFlowRunPayload { flowRun { id } } ... on Refusal { code message } } }`;
    const { flowRun, code, message } = await this.#mutate("restartFlowRun", document, { id });
    if (flowRun === undefined && code !== "NOT_FINISHED") throw new Error(`restartFlowRun was refused: ${message}`);
  }

  async #mutate(field: string, query: string, variables: unknown) {
    let last = "nobody answered";
    const result = await askUntil(
      async () => {
        const { data, errors } = await this.#post({ query, variables }).catch((error: unknown): Answer => ({
          errors: [{ message: String(error) }],
        }));
        last = errors?.[0]?.message ?? last;
        const answer = data?.[field];
        // Refusals that say "try again" are answered by trying again.
        return answer === undefined ||
          answer.code === "OVERLOADED" ||
          answer.code === "DATABASE_UNAVAILABLE" ||
          answer.code === "INTERNAL"
          ? undefined
          : answer;
      },
      PATIENCE_MS,
      100,
    );
    if (result === undefined) throw new Error(`${field} was not answered for ${PATIENCE_MS / 1000} s: ${last}`);
    return result;
  }

  async #post(body: unknown): Promise<Answer> {
    const { userKey } = JSON.parse(readFileSync(this.#keysFile, "utf8")) as LocalKeys;
    const headers = { "content-type": "application/json", authorization: `Bearer ${userKey}` };
    const response = await fetch(`${this.#url}/graphql`, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(5_000),
    });
    return (await response.json()) as Answer;
  }
}
