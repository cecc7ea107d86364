/** Variables that a process with the user's code gets: what programs need to work, and no credential. The same as the runner's. */
const ALLOWED = ["PATH", "HOME", "LANG", "TZ", "TMPDIR", "USER"];

/** The environment of a process that loads flows. */
export function childEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept = Object.entries(env).filter(([name]) => ALLOWED.includes(name) || name.startsWith("LC_"));
  return Object.fromEntries(kept.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
