import { withCloud } from "../connection/cloud.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { checkedId } from "../runs/checked-id.ts";

/** `weir keys revoke ID` */
export async function revoke(io: Io, [given = ""]: readonly string[], options: { json?: boolean }): Promise<ExitCode> {
  const id = checkedId(given, "weir keys list");
  const { apiKey } = await withCloud(io, (cloud) => cloud.change("RevokeApiKey", { id }));
  if (options.json) printDocument(io, { apiKey });
  else line(io, `The ${apiKey.scope} key ${apiKey.name} is revoked; whoever used it is refused from now on.`);
  return EXIT.ok;
}
