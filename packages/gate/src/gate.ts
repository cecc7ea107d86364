import {
  type GraphqlRequest,
  markPassed,
  type OutgoingMessage,
  type Passed,
  type RunDoorMessage,
} from "@weir/protocol";
import { Ledger } from "./ledger/ledger.ts";
import { reportFacts } from "./ledger/report-facts.ts";
import {
  type BodyOf,
  checkParameters,
  checkSchema,
  checkSize,
  graphqlOperation,
  type Outgoing,
  runDoorMessage,
} from "./outgoing.ts";
import type { Policy } from "./policy/policy.ts";
import { PlainScope } from "./plain-scope.ts";
import { Redactor } from "./redaction/redactor.ts";
import type { RunFacts, RunScope } from "./run-scope.ts";
import { secretsOfEnvironment } from "./redaction/secrets-of-environment.ts";
import { keyedDigest, Treatment } from "./treatment.ts";

export interface GateOptions {
  /** The ledger's file, made with mode 0600; null keeps none (a tool that only asks, a test). One process per file. */
  readonly ledgerFile: string | null;
  /** Key of the user's side for digests, at least 32 bytes. Never leaves; another key gives other digests. */
  readonly hmacKey: Uint8Array;
  /** Environment whose secret-looking values are struck out. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** What the user has decided; absent: the defaults. */
  readonly policy?: Policy;
  /** Milliseconds since 1970, for the ledger. */
  readonly now?: () => number;
}

/** The one way out of the user's side. */
export interface Gate {
  /**
   * Makes the bytes that may be sent: classified by schema, secrets struck out, texts cut, digests keyed, checked, recorded.
   * @throws GateError TOO_LARGE or INVALID (final for this message), LEDGER_FAILED (may pass)
   * @example client.send(await gate.pass("claim", { room: 1, … }), { token });
   */
  pass<M extends OutgoingMessage>(message: M, body: BodyOf<M>, context?: { scope?: RunScope }): Promise<Passed<M>>;
  /** Begins a run in hand. */
  openRun(facts: RunFacts): RunScope;
  /** Registers values that must never leave. Those of less than 6 characters are not struck out. */
  addSecrets(values: readonly string[]): void;
  /**
   * A value as the gate makes it of the class `digest`, without sending it: whoever holds the plain value can then compare it with digests
   * that come back from the cloud. Base64url.
   */
  keyed(value: string): string;
  close(): Promise<void>;
}

const SHORTEST_KEY = 32;

class TheGate implements Gate {
  readonly #redactor = new Redactor();
  readonly #ledger: Ledger | null;
  readonly #hmacKey: Uint8Array;
  readonly #now: () => number;

  constructor(o: GateOptions) {
    if (o.hmacKey.length < SHORTEST_KEY)
      throw new TypeError(
        `The key for digests has ${o.hmacKey.length} bytes; give ${SHORTEST_KEY} random bytes at least.`,
      );
    this.#hmacKey = o.hmacKey;
    this.#now = o.now ?? Date.now;
    this.#redactor.add(secretsOfEnvironment(o.environment ?? {}));
    this.#ledger = o.ledgerFile === null ? null : new Ledger(o.ledgerFile, { hmacKey: o.hmacKey, now: this.#now });
  }

  async pass<M extends OutgoingMessage>(
    message: M,
    body: BodyOf<M>,
    context: { scope?: RunScope } = {},
  ): Promise<Passed<M>> {
    const treatment = new Treatment(this.#redactor, this.#hmacKey);
    const { outgoing, text } =
      message === "graphql" ? graphqlText(body as GraphqlRequest, treatment) : runDoorText(message, body, treatment);
    const bytes = checkSize(outgoing, text);
    const entry = {
      at: this.#now(),
      run: context.scope?.facts.runId ?? null,
      message: outgoing.name,
      classes: treatment.deeds,
      ...reportFacts(body),
    };
    this.#ledger?.append(entry, text, bytes);
    return markPassed(message, text);
  }

  openRun(facts: RunFacts): RunScope {
    return new PlainScope(facts);
  }

  addSecrets(values: readonly string[]): void {
    this.#redactor.add(values);
  }

  keyed(value: string): string {
    return keyedDigest(value, this.#hmacKey);
  }

  async close(): Promise<void> {
    this.#ledger?.close();
  }
}

function runDoorText(
  message: RunDoorMessage,
  body: unknown,
  treatment: Treatment,
): { outgoing: Outgoing; text: string } {
  const outgoing = runDoorMessage(message);
  const treated = treatment.apply(outgoing.work, body);
  checkSchema(outgoing, treated);
  if (message === "start") checkParameters({ input: treated });
  return { outgoing, text: JSON.stringify(treated) };
}

function graphqlText(request: GraphqlRequest, treatment: Treatment): { outgoing: Outgoing; text: string } {
  const outgoing = graphqlOperation(request);
  const { operationName, query } = request;
  const variables = treatment.apply(outgoing.work, request.variables);
  checkSchema(outgoing, variables);
  if (operationName === "CreateFlowRun") checkParameters(variables);
  // Built anew, so that a field that somebody hung on the request does not go with it.
  return { outgoing, text: JSON.stringify({ operationName, query, variables }) };
}

/**
 * Opens the gate. One per process.
 * @throws TypeError for a key that is too short; GateError LEDGER_FAILED when the ledger cannot be opened
 */
export function createGate(o: GateOptions): Gate {
  return new TheGate(o);
}
