import { withCloud } from "../connection/cloud.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";

interface Options {
  readonly scope: "user" | "agent";
  readonly expiresInDays?: number;
  readonly json?: boolean;
}

/** `weir keys create NAME`: the key alone on stdout, so that it can go straight into a file; what is said of it on stderr. */
export async function create(io: Io, [name = ""]: readonly string[], options: Options): Promise<ExitCode> {
  const { scope, expiresInDays } = options;
  const input = { name, scope, ...(expiresInDays === undefined ? {} : { expiresInDays }) };
  const { key, apiKey } = await withCloud(io, (cloud) => cloud.change("CreateApiKey", { input }));
  if (options.json) {
    printDocument(io, { apiKey, key });
    return EXIT.ok;
  }
  const end = apiKey.expiresAt === null ? "never ends" : `ends at ${apiKey.expiresAt}`;
  io.err(`The ${scope} key ${apiKey.name} (${apiKey.id}) ${end}. It is shown this once:\n`);
  line(io, key);
  return EXIT.ok;
}
