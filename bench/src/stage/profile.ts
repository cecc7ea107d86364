import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where profiles go: one folder for each role. Open them in Chrome's developer tools, or any reader of `.cpuprofile`. */
export const PROFILES = fileURLToPath(new URL("../../results/profiles/", import.meta.url));

/** Forgets the profiles of earlier runs, so that a summary speaks of this one alone. */
export function clearProfiles(): void {
  rmSync(PROFILES, { recursive: true, force: true });
}

/** Arguments of Node that make a process write its CPU profile when it ends. */
export function profileArguments(role: string): readonly string[] {
  const directory = join(PROFILES, role);
  mkdirSync(directory, { recursive: true });
  return ["--cpu-prof", `--cpu-prof-dir=${directory}`];
}

/**
 * Arguments for the agent whose children are to be profiled too. The runner starts children with an allow-list of variables, so that
 * NODE_OPTIONS does not reach them: a module loaded before the agent lets `process.execPath` be a script that adds the arguments.
 */
export function childProfileArguments(directory: string): readonly string[] {
  const script = join(directory, "node-with-profile");
  const quoted = [process.execPath, ...profileArguments("child")].map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  writeFileSync(script, `#!/bin/sh\nexec ${quoted.join(" ")} "$@"\n`);
  chmodSync(script, 0o755);
  const preload = `process.execPath = ${JSON.stringify(script)};`;
  return [`--import=data:text/javascript,${encodeURIComponent(preload)}`];
}
