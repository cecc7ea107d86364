import type { FlowRegistration, FlowRunCreation, StartRequest } from "@weir/protocol";
import {
  flowStatement,
  keyIdOf,
  parametersStatement,
  publicHalf,
  type SigningJwk,
  signingKeyProblem,
  signStatement,
} from "@weir/protocol/signing";
import type { RunFacts } from "../run-scope.ts";

/**
 * Signs what others are to act on: flows that are registered, runs that are started. The gate asks it after everything was sealed, struck
 * out or left out, so that what is signed is what an agent will be handed.
 */
export interface Signer {
  /** The key's thumbprint, as `weir sign keygen` prints it. */
  readonly kid: string;
  /** The half that belongs into policy files. */
  readonly publicKey: SigningJwk;
  /**
   * Gives the body with its signature, or as it is when its message takes none. A signature that a body brings along is replaced.
   * @param message name of the message or of the GraphQL operation
   * @param facts of the run that a message is about: a run that starts another one without naming a project means its own
   */
  sign<B>(message: string, body: B, facts?: Pick<RunFacts, "project">): Promise<B>;
}

export interface SignerOptions {
  /** Signatures of parameters end after so many seconds: no agent begins an attempt with them later. Absent: they never do. */
  readonly validSeconds?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** A key that nothing can be signed with. The message is a sentence for people and holds nothing of the key. */
export class SigningKeyError extends Error {
  override readonly name = "SigningKeyError";
}

/**
 * Makes a signer of a private key.
 * @throws SigningKeyError when it is not a private Ed25519 key
 * @example const signer = await createSigner(readJwkFile(file, "WEIR_SIGN_KEY_FILE")[0]);
 */
export async function createSigner(key: unknown, o: SignerOptions = {}): Promise<Signer> {
  const problem = signingKeyProblem(key, "private");
  if (problem !== null)
    throw new SigningKeyError(`The key cannot sign: ${problem}. Make one with \`weir sign keygen\`.`);
  const jwk = key as SigningJwk;
  return new KeySigner(jwk, await keyIdOf(jwk), o);
}

interface Registering {
  readonly input: { readonly project: string; readonly registration: FlowRegistration };
}

interface Creating {
  readonly input: FlowRunCreation;
}

class KeySigner implements Signer {
  readonly kid: string;
  readonly publicKey: SigningJwk;
  readonly #key: SigningJwk;
  readonly #o: SignerOptions;

  constructor(key: SigningJwk, kid: string, o: SignerOptions) {
    this.#key = key;
    this.#o = o;
    this.kid = kid;
    this.publicKey = publicHalf(key);
  }

  async sign<B>(message: string, body: B, facts?: Pick<RunFacts, "project">): Promise<B> {
    switch (message) {
      case "RegisterFlow":
        return (await this.#registration(body as Registering)) as B;
      case "CreateFlowRun":
        return (await this.#creation(body as Creating)) as B;
      case "start":
        return (await this.#start(body as StartRequest, facts)) as B;
      default:
        return body;
    }
  }

  async #registration({ input, ...rest }: Registering): Promise<Registering> {
    const { project, registration } = input;
    const signature = await signStatement(await flowStatement(project, registration), this.#key);
    return { ...rest, input: { ...input, registration: { ...registration, signature } } };
  }

  async #creation({ input, ...rest }: Creating): Promise<Creating> {
    const statement = await parametersStatement(input, this.#times());
    return { ...rest, input: { ...input, signature: await signStatement(statement, this.#key) } };
  }

  async #start(body: StartRequest, facts?: Pick<RunFacts, "project">): Promise<StartRequest> {
    const project = body.project ?? facts?.project;
    // Without either it is a bug of ours: the agent that is handed the run says that it carries no signature.
    if (project === undefined) return body;
    const statement = await parametersStatement({ ...body, project }, this.#times());
    return { ...body, signature: await signStatement(statement, this.#key) };
  }

  #times(): { iat: number; exp?: number } {
    const iat = Math.floor((this.#o.now ?? Date.now)() / 1_000);
    return this.#o.validSeconds === undefined ? { iat } : { iat, exp: iat + this.#o.validSeconds };
  }
}
