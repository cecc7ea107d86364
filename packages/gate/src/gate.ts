import { type GraphqlRequest, markPassed, type OutgoingMessage, type Passed } from "@weir/protocol";
import { GateError } from "./gate-error.ts";
import type { GateOptions } from "./gate-options.ts";
import { Keyed } from "./keyed.ts";
import { Ledger } from "./ledger/ledger.ts";
import { reportFacts } from "./ledger/report-facts.ts";
import { Dictionary } from "./locations/dictionary.ts";
import {
  type BodyOf,
  checkParameters,
  checkSchema,
  checkSize,
  graphqlOperation,
  type Outgoing,
  runDoorMessage,
} from "./outgoing.ts";
import { DEFAULT_POLICY, type Policy } from "./policy/policy.ts";
import { Redactor } from "./redaction/redactor.ts";
import { secretsOfEnvironment } from "./redaction/secrets-of-environment.ts";
import { refuseDropped, refuseUnkept } from "./refuse-dropped.ts";
import type { RunFacts, RunScope } from "./run-scope.ts";
import { Opener } from "./scope/opener.ts";
import { Scope } from "./scope/scope.ts";
import { sealBoxes } from "./sealing/boxes.ts";
import { recipientsOf } from "./sealing/recipients.ts";
import { subjectOf } from "./subject-of.ts";
import { Crossing, type Subject } from "./treatment/means.ts";
import { Treatment } from "./treatment/treatment.ts";
import { ErrorLog } from "./withheld/error-log.ts";

/** The one way out of the user's side. */
export interface Gate {
  /**
   * Makes the bytes that may be sent: each piece of data is sent, struck through, replaced or sealed by its class as the policy says, then
   * the whole is checked and recorded. What of it stays here (texts of errors, the meaning of pseudonyms) is written down before.
   * @param context.scope of the run that the message is of; without it nothing of a run can be sealed
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
  /** Whether everything that the policy may ask for can be sealed. @throws GateError INVALID naming a key that cannot be used */
  checkKeys(): Promise<void>;
  close(): Promise<void>;
}

const SHORTEST_KEY = 32;

class TheGate implements Gate {
  readonly #o: GateOptions;
  readonly #policy: Policy;
  readonly #keyed: Keyed;
  readonly #redactor: Redactor;
  readonly #ledger: Ledger | null;
  readonly #errors: ErrorLog | null;
  readonly #dictionary: Dictionary | null;
  readonly #opener: Opener;
  readonly #now: () => number;

  constructor(o: GateOptions) {
    if (o.hmacKey.length < SHORTEST_KEY)
      throw new TypeError(
        `The key for digests has ${o.hmacKey.length} bytes; give ${SHORTEST_KEY} random bytes at least.`,
      );
    const policy = o.policy ?? DEFAULT_POLICY;
    const dictionary = policy.dictionary ?? o.dictionaryDirectory;
    this.#o = o;
    this.#policy = o.sendLogs === false ? withoutLogs(policy) : policy;
    this.#keyed = new Keyed(o.hmacKey);
    this.#now = o.now ?? Date.now;
    this.#redactor = new Redactor(policy.redaction);
    if (policy.redaction.environment) this.#redactor.add(secretsOfEnvironment(o.environment ?? {}));
    this.#ledger = o.ledgerFile === null ? null : new Ledger(o.ledgerFile, { hmacKey: o.hmacKey, now: this.#now });
    this.#errors = o.errorsDirectory === undefined ? null : new ErrorLog(o.errorsDirectory);
    this.#dictionary = dictionary === undefined ? null : new Dictionary(dictionary, this.#keyed);
    this.#opener = new Opener(o.insideKeys ?? [], this.#dictionary);
  }

  async pass<M extends OutgoingMessage>(
    message: M,
    body: BodyOf<M>,
    context: { scope?: RunScope } = {},
  ): Promise<Passed<M>> {
    const scope = context.scope === undefined ? null : this.#own(context.scope);
    const request = message === "graphql" ? (body as GraphqlRequest) : null;
    const outgoing = message === "graphql" ? graphqlOperation(body as GraphqlRequest) : runDoorMessage(message);
    const { treated, crossing } = await this.#treated(outgoing, request?.variables ?? body, scope);
    const signed = (await this.#o.signer?.sign(outgoing.name, treated, scope?.facts)) ?? treated;
    checkSchema(outgoing, signed);
    checkParameters(outgoing.name, signed);
    // Built anew, so that a field that somebody hung on the request does not go with it.
    const { operationName, query } = request ?? {};
    const text = JSON.stringify(request === null ? signed : { operationName, query, variables: signed });
    const bytes = checkSize(outgoing, text);
    this.#errors?.keep(crossing.errors.values());
    if (crossing.pseudonyms.size > 0) await this.#write(crossing.pseudonyms);
    const { deeds } = crossing.notes;
    const run = scope?.facts.runId ?? null;
    const entry = { at: this.#now(), run, message: outgoing.name, classes: deeds, ...reportFacts(body) };
    this.#ledger?.append(entry, text, bytes);
    return markPassed(message, text);
  }

  async #treated(outgoing: Outgoing, body: unknown, scope: Scope | null) {
    const subject = subjectOf(outgoing.name, body, this.#policy, scope);
    refuseDropped(outgoing.name, body, subject.actions);
    refuseUnkept(outgoing.name, body);
    let done = this.#treat(outgoing, body, subject);
    if (done.crossing.lacksKey) {
      // Whether anything is to be sealed shows only here. The first report that holds something is treated twice.
      await scope?.makeKey();
      done = this.#treat(outgoing, body, subject);
    }
    const { treated, crossing } = done;
    await sealBoxes(crossing.boxes, this.#policy, this.#o.insideKeys ?? []);
    if (!crossing.isSealed || !subject.key) return { treated, crossing };
    return { treated: { ...Object(treated), sealKeys: [subject.key.sealKey] } as unknown, crossing };
  }

  #treat({ work }: Outgoing, body: unknown, subject: Subject): { treated: unknown; crossing: Crossing } {
    const crossing = new Crossing();
    const [redactor, keyed] = [this.#redactor, this.#keyed];
    const treatment = new Treatment({ redactor, keyed, subject, crossing, keepsErrors: this.#errors !== null });
    return { treated: treatment.apply(work, body), crossing };
  }

  async #write(pseudonyms: ReadonlyMap<string, string>): Promise<void> {
    if (this.#dictionary === null)
      throw new GateError(
        "INVALID",
        "The boundary policy asks for pseudonyms, and there is no directory where it could be kept what they stand for. Nothing was sent; name one in the policy file (dictionary).",
      );
    await this.#dictionary.keep(pseudonyms);
  }

  openRun(facts: RunFacts): RunScope {
    return this.#scope(facts);
  }

  #scope(facts: RunFacts): Scope {
    const { insideKeys = [], logFilter = null } = this.#o;
    return new Scope(facts, { policy: this.#policy, insideKeys, logFilter, opener: this.#opener });
  }

  #own(scope: RunScope): Scope {
    return scope instanceof Scope ? scope : this.#scope(scope.facts);
  }

  addSecrets(values: readonly string[]): void {
    this.#redactor.add(values);
  }

  keyed(value: string): string {
    return this.#keyed.digest(value);
  }

  async checkKeys(): Promise<void> {
    await recipientsOf(this.#policy, this.#o.insideKeys ?? []);
  }

  async close(): Promise<void> {
    await this.#dictionary?.close();
    this.#ledger?.close();
  }
}

function withoutLogs(policy: Policy): Policy {
  return {
    ...policy,
    actionFor: (dataClass, origin) => (dataClass === "log" ? "drop" : policy.actionFor(dataClass, origin)),
  };
}

/**
 * Opens the gate. One per process.
 * @throws TypeError for a key that is too short; GateError LEDGER_FAILED when the ledger cannot be opened
 */
export function createGate(o: GateOptions): Gate {
  return new TheGate(o);
}
