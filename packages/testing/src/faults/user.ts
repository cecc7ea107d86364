import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type RefusalCode, REFUSALS } from "@weir/protocol";

interface Reply {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

/** As the command line's: five tries within about two seconds, with one idempotency key. */
const MOST_TRIES = 5;
const FIRST_WAIT_MS = 200;

/** Somebody who has one operation after another, and counts what became of them. */
export class User {
  readonly #url: string;
  readonly #key: string;
  readonly #name: string;
  operations = 0;
  /** Operations that needed more than one try. */
  repeated = 0;
  /** What was not done in the end. */
  readonly failures: string[] = [];
  /** Runs whose creation was acknowledged. */
  readonly created: string[] = [];
  #finishing = false;

  constructor(url: string, key: string, name: string) {
    this.#url = url;
    this.#key = key;
    this.#name = name;
  }

  finish(): void {
    this.#finishing = true;
  }

  /** Starts runs, looks at them, changes a limit and cancels the run. */
  async work(): Promise<void> {
    for (let turn = 1; !this.#finishing; turn += 1) {
      const made = await this.#ask(
        `mutation { result: createFlowRun(input: { project: "default", flow: "small", parameters: {}, labels: ["nobody"] }) {
          ... on CreateFlowRunPayload { flowRun { id } } ... on Refusal { code message } } }`,
      );
      const id = (made as { flowRun?: { id: string } } | null)?.flowRun?.id;
      if (id === undefined) continue;
      this.created.push(id);
      await this.#ask(`{ result: flowRun(id: "${id}") { state states { version state } } }`);
      await this.#ask(`{ result: flowRuns(first: 20) { nodes { id name state } } }`);
      await this.#ask(
        `mutation { result: setTaskLimit(input: { tag: "${this.#name}", slots: ${turn % 50} }) { __typename ... on Refusal { code message } } }`,
      );
      await this.#ask(`mutation { result: cancelFlowRun(id: "${id}") { __typename ... on Refusal { code message } } }`);
    }
  }

  async #ask(query: string): Promise<unknown> {
    this.operations += 1;
    const idempotencyKey = randomUUID();
    let reason = "";
    for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
      if (tries === 2) this.repeated += 1;
      if (tries > 1) await sleep(FIRST_WAIT_MS * 2 ** (tries - 2));
      const { result, refusal, again } = await this.#send(query, idempotencyKey);
      if (refusal === null) return result;
      reason = refusal;
      if (!again) break;
    }
    this.failures.push(`${this.#name}: ${query.slice(0, 60)}: ${reason}`);
    return null;
  }

  async #send(query: string, idempotencyKey: string) {
    try {
      const response = await fetch(`${this.#url}/graphql`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          authorization: `Bearer ${this.#key}`,
          "idempotency-key": idempotencyKey,
        },
        body: JSON.stringify({ query }),
        signal: AbortSignal.timeout(10_000),
      });
      const { data, errors } = (await response.json()) as Reply;
      const result = data?.result as { code?: string; message?: string } | null | undefined;
      const code = result?.code ?? errors?.[0]?.extensions?.code;
      if (errors === undefined && result !== undefined && code === undefined)
        return { result, refusal: null, again: false };
      // Without a code it is no answer of Weir's, but what the HTTP server says while it stops.
      const again = code === undefined || (code in REFUSALS && REFUSALS[code as RefusalCode].retryable);
      return { result: null, refusal: `${response.status} ${code} ${result?.message ?? errors?.[0]?.message}`, again };
    } catch (error) {
      // The connection was cut, or nobody answered in time.
      return { result: null, refusal: String(error), again: true };
    }
  }
}
