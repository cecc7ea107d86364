import { KeyFileError } from "@weir/gate";
import { SealError } from "@weir/protocol/seal";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-codes.ts";

/** What is wrong with a key or a file of keys is the user's to mend: a sentence, and exit code 2. Any other error comes back as it is. */
export function sealMistake(error: unknown): unknown {
  if (error instanceof SealError) return new CliError(EXIT.usage, error.code, error.message, error);
  if (error instanceof KeyFileError) return new CliError(EXIT.usage, "KEY_FILE", error.message, error);
  return error;
}
