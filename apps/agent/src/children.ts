import { lchownSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { checkChildUser, type ChildUser, ChildUserError, childUserOf, type RunnerConfig } from "@weir/runner";
import { AGENT_EXIT, AgentError } from "./agent-error.ts";
import type { AgentConfig } from "./config.ts";

/** How flows' processes are kept apart from the agent. */
export type Children = Pick<RunnerConfig, "childUser" | "childPermission" | "closedToChildren">;

type ChildrenConfig = Pick<
  AgentConfig,
  | "childUser"
  | "childPermission"
  | "directory"
  | "resultsDirectory"
  | "keyFile"
  | "sealKeyFile"
  | "hmacKeyFile"
  | "signKeyFile"
>;

/**
 * Sees whether flows can run as it is set, and cannot reach what is the agent's own.
 * @throws AgentError with a sentence for people, exit code `usage`
 */
export async function checkedChildren(config: ChildrenConfig): Promise<Children> {
  const { directory, keyFile, sealKeyFile, hmacKeyFile, signKeyFile, childPermission } = config;
  const keyFiles = [keyFile, sealKeyFile, hmacKeyFile, signKeyFile];
  const closed = [directory, ...keyFiles.filter((file) => file !== null)];
  return { childUser: await checkedUser(config, closed), childPermission, closedToChildren: closed };
}

async function checkedUser(config: ChildrenConfig, closed: readonly string[]): Promise<ChildUser | null> {
  if (config.childUser === null) return null;
  try {
    const user = await childUserOf(config.childUser);
    makeResults(config.resultsDirectory, user);
    await checkChildUser(user, {
      closed,
      writable: [config.resultsDirectory],
      enterable: [dirname(config.directory)],
    });
    return user;
  } catch (error) {
    if (!(error instanceof ChildUserError)) throw error;
    throw new AgentError(`WEIR_AGENT_CHILD_USER cannot be used. ${error.message}`, AGENT_EXIT.usage, error);
  }
}

/** A directory that is not there yet is made for the user. One that is there may hold anything, and is left to whoever it belongs to. */
function makeResults(directory: string, { uid, gid }: ChildUser): void {
  try {
    if (mkdirSync(directory, { recursive: true }) !== undefined) lchownSync(directory, uid, gid);
  } catch {
    // Told by the check: it then cannot write there.
  }
}
