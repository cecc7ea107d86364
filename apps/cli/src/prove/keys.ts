import { readFileSync, writeFileSync } from "node:fs";

/** What opens a cloud to the user's side, in a file as a cloud in embedded mode writes it. */
export interface Keys {
  readonly path: string;
  readonly userKey: string;
  readonly agentKey: string;
}

export function readKeys(path: string): Keys {
  const { userKey, agentKey } = JSON.parse(readFileSync(path, "utf8")) as Omit<Keys, "path">;
  return { path, userKey, agentKey };
}

/** What `create-tenant` printed, as a keys file. @throws Error when it printed something else */
export function keepKeys(path: string, url: string, printed: string): Keys {
  const [, userKey] = /^user key\s+(\S+)$/m.exec(printed) ?? [];
  const [, agentKey] = /^agent key\s+(\S+)$/m.exec(printed) ?? [];
  if (userKey === undefined || agentKey === undefined)
    throw new Error("The cloud made no keys for the proof's tenant.");
  writeFileSync(path, JSON.stringify({ url, userKey, agentKey }), { mode: 0o600 });
  return { path, userKey, agentKey };
}
