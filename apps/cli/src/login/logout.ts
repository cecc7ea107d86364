import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { DEFAULT_PROFILE, readProfile, removeProfile } from "./profile-files.ts";

/** `weir logout`: forgets the key of a profile. */
export async function logout(io: Io, _args: readonly string[], options: { json?: boolean }): Promise<ExitCode> {
  const name = io.env.WEIR_PROFILE || DEFAULT_PROFILE;
  const profile = readProfile(io.env, name);
  removeProfile(io.env, name);
  if (options.json) printDocument(io, { profile: name, removed: profile !== null });
  else if (profile === null) line(io, `There is no profile ${name}.`);
  else line(io, `The key of the profile ${name} is forgotten here; \`weir keys revoke\` ends it at the cloud too.`);
  return EXIT.ok;
}
