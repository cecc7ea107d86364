import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { profileNames, readProfile } from "./profile-files.ts";

/** `weir profiles`: which there are, never their keys. */
export async function profiles(io: Io, _args: readonly string[], options: { json?: boolean }): Promise<ExitCode> {
  const found = profileNames(io.env).map((name) => {
    const { url, email = null, tenant = null } = readProfile(io.env, name) ?? { url: "" };
    return { name, url, email, tenant };
  });
  if (options.json) printDocument(io, { profiles: found });
  else if (found.length === 0) line(io, "There are no profiles; `weir login` makes one.");
  else
    for (const { name, url, email, tenant } of found)
      line(io, [name, url, ...(email === null ? [] : [email]), ...(tenant === null ? [] : [tenant])].join("  "));
  return EXIT.ok;
}
