import { lstatSync, statSync } from "node:fs";

/**
 * Why a file is not to be trusted, or null: it belongs to another user than this process's and root. As git does for a repository: what
 * somebody else left in /tmp would otherwise decide what leaves.
 * @throws Error of the file system when there is no such file
 */
export function ownerProblem(file: string): string | null {
  const me = process.getuid?.();
  // A link is looked at too: whoever made it chose what it names.
  const owners = [lstatSync(file).uid, statSync(file).uid];
  if (me === undefined || owners.every((uid) => uid === me || uid === 0)) return null;
  return "belongs to another user, so it is not used";
}
