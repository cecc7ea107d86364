import { readFileSync } from "node:fs";

/** Version of this agent, as it tells the cloud. Read beside `src` and beside `dist` alike. */
export const AGENT_VERSION = (
  JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string }
).version;
