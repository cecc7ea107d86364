import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";

/** The user that flows' processes run as, where that is not the agent's own. */
export interface ChildUser {
  readonly uid: number;
  readonly gid: number;
}

/** Why flows cannot run as that user. The message says what to do. */
export class ChildUserError extends Error {
  override readonly name = "ChildUserError";
}

/** What the user must and must not be able to reach. Absolute paths. */
export interface ChildReach {
  /** Files with keys, and the agent's directory: neither to be read, nor written, nor entered. */
  readonly closed: readonly string[];
  /** Directories that flows write to. */
  readonly writable: readonly string[];
  /** Directories that something of theirs lies in. */
  readonly enterable: readonly string[];
}

// Above it, numbers have other meanings: -1 changes nothing.
const LARGEST_ID = 2 ** 31;

/**
 * Reads `uid:gid`, or a name that the system knows.
 * @throws ChildUserError when it is neither, or the user is root or the agent's own
 * @example await childUserOf("65534:65534"); // { uid: 65534, gid: 65534 }
 */
export async function childUserOf(given: string): Promise<ChildUser> {
  const [, uid, gid] = /^(\d+):(\d+)$/.exec(given) ?? [];
  const user = uid === undefined ? await named(given) : { uid: Number(uid), gid: Number(gid) };
  if (![user.uid, user.gid].every((id) => id < LARGEST_ID)) throw unknown(given);
  if (user.uid === 0 || user.gid === 0)
    throw new ChildUserError(`Flows cannot run as ${given}: that is root, who may read everything. Name another user.`);
  if (user.uid === process.getuid?.())
    throw new ChildUserError(`Flows cannot run as ${given}: that is the agent's own user. Name another one, or none.`);
  return user;
}

const unknown = (given: string): ChildUserError =>
  new ChildUserError(`Flows cannot run as ${JSON.stringify(given)}: it is no uid:gid, nor a user of this machine.`);

async function named(name: string): Promise<ChildUser> {
  if (!/^[A-Za-z_][\w.-]*\$?$/.test(name)) throw unknown(name);
  const ask = async (what: string): Promise<number> => Number((await promisify(execFile)("id", [what, name])).stdout);
  try {
    return { uid: await ask("-u"), gid: await ask("-g") };
  } catch {
    throw unknown(name);
  }
}

/** Run as that user: says who it is and what it reaches, and waits to be killed, or for the agent to be gone. */
const PROBE = `
const { accessSync, readFileSync, constants } = require("node:fs");
const { dirname } = require("node:path");
const { closed, writable, enterable } = JSON.parse(process.argv[1]);
const may = (path, ways) => ways.some((way) => { try { accessSync(path, way); return true; } catch { return false; } });
const { R_OK, W_OK, X_OK } = constants;
const above = (path) => (dirname(path) === path ? [path] : [...above(dirname(path)), path]);
console.log(JSON.stringify({
  status: readFileSync("/proc/self/status", "utf8"),
  open: closed.filter((path) => may(path, [R_OK, W_OK, X_OK])),
  shut: [...enterable, ...writable.map(dirname)].flatMap(above).filter((path) => !may(path, [X_OK])),
  barred: writable.filter((path) => !may(path, [R_OK | W_OK | X_OK])),
}));
process.stdin.resume();
`;

interface Found {
  readonly status: string;
  readonly open: readonly string[];
  readonly shut: readonly string[];
  readonly barred: readonly string[];
}

/**
 * Starts a process as that user, looks at what it is and reaches, and kills it: what does not work, or does not protect, is told before any flow
 * is taken.
 * @throws ChildUserError with a sentence for people
 * @example await checkChildUser({ uid: 65534, gid: 65534 }, { closed: ["/etc/weir/key"], writable: ["/srv/results"], enterable: [] });
 */
export async function checkChildUser(user: ChildUser, reach: ChildReach): Promise<void> {
  if (process.platform !== "linux") throw problem(user, "this works on Linux only");
  const found = await probe(user, reach);
  const [open] = found.open;
  if (open !== undefined)
    throw problem(user, `that user can reach ${open}. Take the right away: \`chmod go-rwx ${open}\``);
  const [shut] = found.shut;
  if (shut !== undefined) throw problem(user, `that user cannot enter ${shut}. Let it: \`chmod o+x ${shut}\``);
  const [barred] = found.barred;
  if (barred !== undefined)
    throw problem(
      user,
      `that user cannot write to ${barred}. Give it the directory: \`chown -R ${user.uid}:${user.gid} ${barred}\``,
    );
  const excess = excessOf(found.status, user);
  if (excess !== null) throw problem(user, `${excess}. Run the agent as root, without ambient capabilities`);
}

const problem = ({ uid, gid }: ChildUser, why: string): ChildUserError =>
  new ChildUserError(`Flows cannot run as the user ${uid}:${gid}: ${why}.`);

async function probe(user: ChildUser, reach: ChildReach): Promise<Found> {
  const started = startProbe(user, reach);
  const told = once(started.stdout, "data").then(([piece]: Buffer[]) => String(piece));
  const ended = once(started, "exit");
  const stderr = text(started.stderr);
  try {
    const first = await Promise.race([told, ended.then(() => null)]);
    if (first === null) throw problem(user, `Node does not start as that user: ${lastLineOf(await stderr)}`);
    return JSON.parse(first) as Found;
  } catch (error) {
    if (error instanceof ChildUserError) throw error;
    throw problem(user, whyNotStarted(error));
  } finally {
    await end(user, started, ended);
  }
}

function startProbe({ uid, gid }: ChildUser, reach: ChildReach) {
  try {
    const args = ["-e", PROBE, JSON.stringify(reach)];
    return spawn(process.execPath, args, { uid, gid, cwd: "/", env: {}, stdio: "pipe" });
  } catch (error) {
    throw problem({ uid, gid }, whyNotStarted(error));
  }
}

function whyNotStarted(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "EPERM")
    return "the agent may not become another user. Run it as root (or with the capabilities SETUID, SETGID and KILL), or take the setting out";
  if (code === "EACCES") return `that user may not run ${process.execPath}. Install Node where every user can reach it`;
  return code ?? String(error);
}

const lastLineOf = (words: string): string => words.trim().split("\n").at(-1) ?? "";

async function end(user: ChildUser, { pid, stdin }: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (pid === undefined) return;
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EPERM")
      throw problem(user, "the agent may not end processes of another user. Give it the capability KILL");
  } finally {
    stdin?.destroy();
  }
  await ended;
}

/** What such a process has beyond being that user; null when nothing. */
function excessOf(status: string, { uid, gid }: ChildUser): string | null {
  const field = (name: string): string => new RegExp(`^${name}:[ \\t]*(.*)$`, "m").exec(status)?.[1]?.trim() ?? "?";
  const ids = (name: string): readonly string[] => field(name).split(/\s+/);
  if (ids("Uid").some((id) => id !== String(uid)) || ids("Gid").some((id) => id !== String(gid)))
    return "a process of that user keeps another identity";
  const groups = field("Groups");
  if (groups !== "" && groups !== String(gid)) return `its processes would stay in the agent's groups (${groups})`;
  const isBare = ["CapPrm", "CapEff", "CapAmb"].every((name) => /^0+$/.test(field(name)));
  return isBare ? null : "its processes would keep the agent's capabilities";
}
