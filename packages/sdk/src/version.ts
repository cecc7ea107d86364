import { readFileSync } from "node:fs";

/** Version of this package, as its package.json says: it travels with registrations and with the child's greeting. */
export const SDK_VERSION: string = (
  JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string }
).version;
