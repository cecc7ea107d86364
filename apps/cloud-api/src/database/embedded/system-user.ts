import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { DatabaseProblem } from "../database-problem.ts";

/** A user of this machine, in whose name Postgres runs. */
export interface SystemUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * In whose name Postgres runs: null for our own. Postgres refuses to run as root, so root lends it an existing user without rights.
 * None is created: a tool that is only tried out adds no accounts to a machine.
 */
export function postgresUser(): SystemUser | null {
  if (process.getuid?.() !== 0) return null;
  const users = readUsers(readFileSync("/etc/passwd", "utf8"));
  const user = users.get("postgres") ?? users.get("nobody");
  if (user !== undefined) return user;
  throw new DatabaseProblem(
    "EMBEDDED_FAILED",
    "Postgres does not run as root, and this machine has neither a user `postgres` nor `nobody` that it could run as. Start Weir as an " +
      "ordinary user, add one (`useradd --system postgres`), or set WEIR_DATABASE_URL to a Postgres of your own.",
  );
}

/** The users of a passwd file, by name. */
export function readUsers(passwd: string): Map<string, SystemUser> {
  const users = passwd.split("\n").flatMap((line) => {
    const [name, , uid, gid] = line.split(":");
    return name && uid && gid ? [{ name, uid: Number(uid), gid: Number(gid) }] : [];
  });
  return new Map(users.map((user) => [user.name, user]));
}

/** Whether a user can read and enter a folder, all folders above it included. Asked of the system itself: ACLs and mounts count too. */
export function canEnter(user: SystemUser | null, directory: string): boolean {
  const { status } = spawnSync("/bin/sh", ["-c", 'test -r "$1" && test -x "$1"', "sh", directory], {
    ...identity(user),
    cwd: "/",
    env: {},
    stdio: "ignore",
  });
  return status === 0;
}

/** Options of `spawn` that start a process in a user's name. */
export function identity(user: SystemUser | null): { uid?: number; gid?: number } {
  return user === null ? {} : { uid: user.uid, gid: user.gid };
}
