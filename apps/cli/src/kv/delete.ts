import { withCloud } from "../connection/cloud.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";

interface Options {
  readonly expectedVersion?: number;
  readonly json?: boolean;
}

/** `weir kv delete KEY` */
export async function remove(io: Io, [key = ""]: readonly string[], options: Options): Promise<ExitCode> {
  const { expectedVersion, json } = options;
  const expected = expectedVersion === undefined ? {} : { expectedVersion };
  await withCloud(io, (cloud) => cloud.change("DeleteKv", { input: { key, ...expected } }));
  if (json) printDocument(io, { key });
  else line(io, `${key} is deleted.`);
  return EXIT.ok;
}
