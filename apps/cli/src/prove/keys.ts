import { readFileSync } from "node:fs";

/** What opens a cloud to the user's side. */
export interface Keys {
  readonly userKey: string;
  readonly agentKey: string;
}

/** From a file as a cloud in embedded mode writes it. */
export function readKeys(path: string): Keys {
  const { userKey, agentKey } = JSON.parse(readFileSync(path, "utf8")) as Keys;
  return { userKey, agentKey };
}

/** From what `create-tenant` printed. @throws Error when it printed something else */
export function printedKeys(printed: string): Keys {
  const [, userKey] = /^user key\s+(\S+)$/m.exec(printed) ?? [];
  const [, agentKey] = /^agent key\s+(\S+)$/m.exec(printed) ?? [];
  if (userKey === undefined || agentKey === undefined)
    throw new Error("The cloud made no keys for the proof's tenant.");
  return { userKey, agentKey };
}
