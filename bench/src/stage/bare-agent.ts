import { hostname } from "node:os";
import { readConfig, startAgent } from "@weir/agent";
import { createGate, DEFAULT_POLICY } from "@weir/gate";

// An agent whose gate still classifies and checks, since nothing could be sent otherwise, but strikes nothing out, seals nothing and keeps
// no ledger. Users cannot have it: it is what the gate's cost is measured against.

const SENDS_ALL = {
  ...DEFAULT_POLICY,
  actionFor: () => "send" as const,
  redaction: { patterns: [], environment: false, tokens: false },
};
const silent = { info: () => {}, warn: console.warn, error: console.error };

const agent = await startAgent(readConfig(process.env, hostname()), {
  log: silent as never,
  createGate: (o) => createGate({ ...o, ledgerFile: null, environment: {}, policy: SENDS_ALL }),
});
process.on("SIGTERM", () => void agent.stop());
await agent.done;
process.exit(0);
