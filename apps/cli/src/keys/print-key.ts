import type { ApiKey } from "../connection/answers.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";

interface MadeKey {
  readonly key: string;
  readonly apiKey: Pick<ApiKey, "id" | "name" | "scope" | "expiresAt">;
}

/** Prints a key that was made just now: it alone on stdout, what is said of it on stderr. */
export function printKey(io: Io, { key, apiKey }: MadeKey, options: { readonly json?: boolean }): ExitCode {
  if (options.json) {
    printDocument(io, { apiKey, key });
    return EXIT.ok;
  }
  const end = apiKey.expiresAt === null ? "never ends" : `ends at ${apiKey.expiresAt}`;
  io.err(`The ${apiKey.scope} key ${apiKey.name} (${apiKey.id}) ${end}. It is shown this once:\n`);
  line(io, key);
  return EXIT.ok;
}
