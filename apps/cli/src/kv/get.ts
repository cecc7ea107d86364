import { CliError } from "../cli-error.ts";
import { withCloud } from "../connection/cloud.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";

/** `weir kv get KEY` */
export async function get(io: Io, [key = ""]: readonly string[], options: { json?: boolean }): Promise<ExitCode> {
  const entry = await withCloud(io, async (cloud) => {
    const { kv } = await cloud.ask("Kv", { key });
    return await cloud.reader.open([], kv);
  });
  if (entry === null)
    throw new CliError(
      EXIT.notFound,
      "NOT_FOUND",
      `There is no key ${JSON.stringify(key)}; \`weir kv list\` shows those that there are.`,
    );
  if (options.json) printDocument(io, { entry });
  else line(io, JSON.stringify(entry.value, null, 2));
  return EXIT.ok;
}
