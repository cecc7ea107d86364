/** Why something cannot be sealed or opened. */
export const SEAL_ERRORS = {
  NO_KEY: "it is sealed for other keys than those at hand",
  UNKNOWN_RUN_KEY: "the content key that it is sealed with did not come along",
  DAMAGED: "it is not what was sealed: something changed or cut it",
  KEY_INVALID: "a key cannot be used",
  PASSPHRASE_WRONG: "the passphrase does not open the key",
  TRUST_INVALID: "a trust file cannot be used",
} as const;
export type SealErrorCode = keyof typeof SEAL_ERRORS;

/** The message is a sentence for people, and holds nothing of what is sealed and nothing of a private key. */
export class SealError extends Error {
  override readonly name = "SealError";
  readonly code: SealErrorCode;
  /** With NO_KEY: ids of the keys that could open it. */
  readonly kids: readonly string[];

  constructor(
    code: SealErrorCode,
    message: string,
    options: ErrorOptions & { readonly kids?: readonly string[] } = {},
  ) {
    const { kids = [], ...rest } = options;
    super(message, rest);
    this.code = code;
    this.kids = kids;
  }
}
