import { createClient } from "@weir/client";
import { createGate } from "@weir/gate";
import type { ClaimedRun } from "@weir/protocol";
import { createRunnerHost } from "../runner-host.ts";
import { QUICK, rememberingLog } from "./host-defaults.ts";

// A process that hosts a runner, for tests that kill it: gets one claimed run, and runs it until it is killed.

interface Task {
  readonly url: string;
  readonly dataDirectory: string;
  readonly claimed: ClaimedRun;
}

process.once("message", ({ url, dataDirectory, claimed }: Task) => {
  const gate = createGate({ ledgerFile: null, hmacKey: Buffer.alloc(32, 1) });
  const client = createClient({ url });
  const host = createRunnerHost({ client, gate, dataDirectory, log: rememberingLog([]), config: QUICK });
  host.run(claimed, performance.now());
});
