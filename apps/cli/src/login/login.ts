import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { resolve } from "node:path";
import { signIn } from "@weir/client";
import { CliError } from "../cli-error.ts";
import { openCloud } from "../connection/cloud.ts";
import { DEFAULT_URL } from "../connection/settings.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { openLoopback } from "./loopback.ts";
import { DEFAULT_PROFILE, type Profile, profileFile, writeProfile } from "./profile-files.ts";

interface Options {
  readonly url?: string;
  readonly keyFile?: string;
  readonly json?: boolean;
}

/** `weir login`: a key of one's own, by way of the browser; or one from a file. Either is kept in a profile. */
export async function login(io: Io, _args: readonly string[], options: Options): Promise<ExitCode> {
  const url = checkedUrl(options.url ?? io.env.WEIR_API_URL ?? DEFAULT_URL);
  const name = io.env.WEIR_PROFILE || DEFAULT_PROFILE;
  // Before anything is asked: a name that is none, or no home.
  profileFile(io.env, name);
  const profile = options.keyFile === undefined ? await byBrowser(io, url) : await byFile(io, url, options.keyFile);
  const file = writeProfile(io.env, name, profile);
  const { email, tenant } = profile;
  if (options.json) printDocument(io, { profile: name, file, url, email: email ?? null, tenant: tenant ?? null });
  else line(io, `Signed in${email === undefined ? "" : ` as ${email} in ${tenant}`}; the key is kept in ${file}.`);
  return EXIT.ok;
}

async function byBrowser(io: Io, url: string): Promise<Profile> {
  const [verifier, state] = [randomBytes(32).toString("base64url"), randomBytes(16).toString("base64url")];
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  const device = hostname()
    .replaceAll(/[^\w. -]/g, "-")
    .slice(0, 100);
  const loopback = await openLoopback(state, io.interrupted);
  try {
    const query = new URLSearchParams({ port: String(loopback.port), challenge, state, device });
    io.err(`Open this address in a browser of this machine, and allow it there:\n\n  ${url}/auth/cli?${query}\n\n`);
    const code = await loopback.code;
    return { url, ...(await signIn(url, { code, verifier, device }, io.interrupted)) };
  } finally {
    loopback.close();
  }
}

async function byFile(io: Io, url: string, keyFile: string): Promise<Profile> {
  const file = resolve(io.cwd, keyFile);
  const key = readFileSync(file, "utf8").trim();
  const cloud = openCloud(io, { url, key, source: file });
  try {
    await cloud.ask("Viewer", {});
  } finally {
    await cloud.close();
  }
  return { url, key };
}

function checkedUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && /^https?:$/.test(url.protocol)) return url.href.replace(/\/+$/, "");
  throw new CliError(
    EXIT.usage,
    "URL",
    `${JSON.stringify(text)} is no address of a cloud; it looks like https://weir.example.org.`,
  );
}
