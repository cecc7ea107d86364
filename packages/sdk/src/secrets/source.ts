import { WeirError } from "../errors.ts";

/**
 * A place that secrets are read from, on the user's side only. Implement it to bring your own.
 * @example
 * const fromKeychain: SecretSource = { kind: "keychain", read: async (name) => await keychain.find(name) };
 * const password = await secret("DB_PASSWORD", { from: fromKeychain });
 */
export interface SecretSource {
  /** Short name of the kind of source, for messages: `env`, `file`, `vault`. */
  readonly kind: string;
  /**
   * The value, or undefined when there is none of that name: then the next source is asked.
   * @throws when it cannot be known whether there is one. No other source is asked then: it might hold a value that was replaced.
   * The message must not hold a value.
   */
  read(name: string): Promise<string | undefined>;
  /** Where a secret of that name would lie, for the sentence that says it is nowhere: `the file /run/secrets/DB_PASSWORD`. */
  place?(name: string): string;
}

/** A secret is not where it should be. Causes are left out on purpose: what they quote may be the value. */
export function secretProblem(sentence: string): WeirError {
  return new WeirError("SECRET_MISSING", sentence);
}
