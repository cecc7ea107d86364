import { randomBytes } from "node:crypto";
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { join } from "node:path";
import { generateSealKey } from "@weir/protocol/seal";
import { makeSigningKey } from "@weir/protocol/signing";
import { expect, onTestFinished, test } from "vitest";
import { startAgent } from "./agent.ts";
import { AGENT_DEFAULTS } from "./config.ts";
import { eventually } from "./testing/eventually.ts";
import { setRealStage } from "./testing/real-stage.ts";
import { memoryLog, temporaryDirectory } from "./testing/start.ts";

const FLOW = `
import { writeFileSync } from "node:fs";
import { flow } from "@weir/sdk";
export default flow("waits", async ({ marker }: { marker: string }) => {
  writeFileSync(marker, String(process.pid));
  await new Promise((done) => setTimeout(done, 600_000));
});
`;
const LARGEST = 512 * 1024 * 1024;

/** All that can be read of a process from outside, as pieces. */
function* piecesOf(pid: number): Generator<readonly [place: string, bytes: Buffer]> {
  for (const place of ["environ", "cmdline", "maps"]) yield [place, readFileSync(`/proc/${pid}/${place}`)];
  const descriptors = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
  yield ["fd", Buffer.from(descriptors.join("\n"))];
  const memory = openSync(`/proc/${pid}/mem`, "r");
  for (const line of readFileSync(`/proc/${pid}/maps`, "utf8").split("\n")) {
    const [, from = "0", to = "0"] = /^([0-9a-f]+)-([0-9a-f]+) r\S+ \S+ \S+ 0 *(?:\[(?!v).*\])?$/.exec(line) ?? [];
    const start = Number.parseInt(from, 16);
    const bytes = Buffer.alloc(Math.min(Number.parseInt(to, 16) - start, LARGEST));
    try {
      yield ["mem", bytes.subarray(0, readSync(memory, bytes, 0, bytes.length, start))];
    } catch {
      // Reserved and never used.
    }
  }
  closeSync(memory);
}

/** The command lines of a process and of all that it comes from. */
function argumentsAbove(pid: number): string {
  if (pid <= 1) return "";
  const parent = Number(/^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  return readFileSync(`/proc/${pid}/cmdline`, "utf8") + argumentsAbove(parent);
}

/** Passes on what the agent says to the cloud, and answers with the credentials that it showed: null until there were its key, its session's and a run's. */
async function listenIn(cloudUrl: string): Promise<{ url: string; shown: () => string[] | null }> {
  const { hostname, port } = new URL(cloudUrl);
  let said = "";
  const server = createServer((agent) => {
    const cloud = connect(Number(port), hostname);
    agent.on("data", (bytes) => (said += bytes.toString("latin1")));
    agent.pipe(cloud).pipe(agent);
    for (const end of [agent, cloud]) end.on("error", () => [agent, cloud].forEach((one) => one.destroy()));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => void server.close());
  const shown = () => {
    const tokens = [...said.matchAll(/^authorization: bearer (\S+)/gim)].map(([, token = ""]) => token);
    const different = [...new Set(tokens)];
    return different.length < 3 ? null : different;
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, shown };
}

test.runIf(process.platform === "linux")(
  "a running flow of a real agent holds none of the agent's keys, in no place that can be read",
  // It reads a few hundred megabytes of memory.
  { timeout: 120_000 },
  async () => {
    const stage = await setRealStage({ "flow.ts": FLOW });
    const own = await temporaryDirectory();
    const file = (name: string, text: string): string => {
      writeFileSync(join(own, name), text, { mode: 0o600 });
      return join(own, name);
    };
    const [seal, sign, hmac] = [await generateSealKey(), await makeSigningKey(), randomBytes(32)];
    const line = await listenIn(stage.cloud.url);
    const agent = await startAgent(
      {
        ...AGENT_DEFAULTS,
        apiUrl: line.url,
        key: stage.cloud.agentKey,
        name: "keys",
        labels: [],
        projects: null,
        directory: join(own, "agent"),
        resultsDirectory: join(own, "results"),
        healthAddress: null,
        drainSeconds: 0,
        flowEnvironment: { REGION: "planted-region" },
        sealKeyFile: file("seal", JSON.stringify(seal)),
        signKeyFile: file("sign", JSON.stringify(sign)),
        hmacKeyFile: file("hmac", hmac.toString("base64url")),
      },
      { log: memoryLog(), runner: { graceMs: 500 } },
    );
    onTestFinished(() => agent.stop("now"));
    const marker = join(own, "marker");
    await stage.startRun("flow.ts", "waits", { marker });
    const read = () => {
      try {
        return Number(readFileSync(marker, "utf8"));
      } catch {
        return 0;
      }
    };
    const pid = await eventually("the flow", () => read() || null, 30_000);
    const [key, session, run] = await eventually("the run is reported", () => line.shown());
    expect(key).toBe(stage.cloud.agentKey);
    const secrets: Readonly<Record<string, string | Buffer>> = {
      "agent key": stage.cloud.agentKey,
      "session token": session ?? "",
      "run token": run ?? "",
      "seal key": seal.d,
      "sign key": sign.d,
      "hmac key": hmac.toString("base64url"),
      "bytes of the hmac key": hmac,
      region: "planted-region",
    };
    expect(Object.values(secrets).filter((value) => value.length < 12)).toEqual([]);
    const found = new Set<string>();
    for (const [place, bytes] of piecesOf(pid))
      for (const [name, value] of Object.entries(secrets)) if (bytes.includes(value)) found.add(`${name} in ${place}`);
    // What it was given is found, so that what is not found is not there.
    expect([...found]).toEqual(["region in mem"]);
    for (const [name, value] of Object.entries(secrets))
      expect(argumentsAbove(pid).includes(String(value)), name).toBe(false);
  },
);
