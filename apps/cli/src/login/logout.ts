import { ConnectionError, signOut } from "@weir/client";
import { Refusal } from "@weir/protocol";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { DEFAULT_PROFILE, type Profile, readProfile, removeProfile } from "./profile-files.ts";

/** `weir logout`: ends the key that `weir login` made, and forgets it. A key of a file is somebody else's to end: it is forgotten alone. */
export async function logout(io: Io, _args: readonly string[], options: { json?: boolean }): Promise<ExitCode> {
  const name = io.env.WEIR_PROFILE || DEFAULT_PROFILE;
  const profile = readProfile(io.env, name);
  const problem = profile === null ? null : await end(io, profile);
  removeProfile(io.env, name);
  if (options.json) printDocument(io, { profile: name, removed: profile !== null, revoked: problem === "" });
  else if (profile === null) line(io, `There is no profile ${name}.`);
  else if (problem === "") line(io, `The key of the profile ${name} is ended at the cloud, and forgotten here.`);
  else line(io, `The key of the profile ${name} is forgotten here, and still good at the cloud: ${problem}`);
  return EXIT.ok;
}

const REVOKE = "`weir keys list` and `weir keys revoke` end it, with another key.";

/** Answers why the key still is good; empty: it is not. */
async function end(io: Io, { url, key, email }: Profile): Promise<string> {
  if (email === undefined) return `it was given by a file. ${REVOKE}`;
  try {
    await signOut(url, key, io.interrupted);
    return "";
  } catch (error) {
    if (error instanceof Refusal && OVER.has(error.code)) return "";
    if (error instanceof Refusal || error instanceof ConnectionError) return `${error.message} ${REVOKE}`;
    throw error;
  }
}

const OVER: ReadonlySet<string> = new Set(["KEY_REVOKED", "KEY_EXPIRED"]);
