// A full run: it maps, caches, retries, calls a subflow, starts a child run, computes in a thread, and opens connections of its own, as flows
// may. Every way of connecting has an address of its own on this machine, by which a test tells it apart from the others.
import { createSocket } from "node:dgram";
import { Resolver } from "node:dns";
import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { get } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { flow, kv, run, startFlowRun, task, waitForFlowRun } from "@weir/sdk";
import { threads } from "@weir/sdk/executors";
import { localStore } from "@weir/sdk/results";

type Parameters = {
  /** Port of a server of the user's own, on every address of this machine. */
  readonly port: number;
  /** Socket of the same. */
  readonly socket: string;
};

/** Until it is over, one way or another: only the attempt counts. */
async function over(attempt: NodeJS.EventEmitter, events: readonly string[]): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const event of [...events, "error"]) attempt.once(event, () => resolve());
  await promise;
}

export const reachOut = task("reach-out", async () => {
  const { port, socket } = run.parameters as Parameters;
  const plain = connect(port, "127.0.0.2");
  await over(plain, ["connect"]);
  plain.destroy();
  const local = connect(socket);
  await over(local, ["connect"]);
  local.destroy();
  const tls = connectTls({ port, host: "127.0.0.3" });
  await over(tls, ["secureConnect"]);
  tls.destroy();
  const [response] = (await once(get({ port, host: "127.0.0.4" }), "response")) as [NodeJS.ReadableStream];
  response.resume();
  const http2 = connectHttp2(`http://127.0.0.5:${port}`);
  await over(http2, ["connect"]);
  http2.destroy();
  await (await fetch(`http://127.0.0.6:${port}`)).text();
  const web = new WebSocket(`ws://127.0.0.7:${port}`);
  await new Promise((done) => web.addEventListener("error", done));
});

export const ask = task("ask", async () => {
  const { port } = run.parameters as Parameters;
  const datagrams = createSocket("udp4");
  await new Promise((sent) => datagrams.send("hello", port, "127.0.0.8", sent));
  datagrams.close();
  await lookup("localhost");
  const resolver = new Resolver({ timeout: 100, tries: 1 });
  resolver.setServers([`127.0.0.1:${port}`]);
  await new Promise((answered) => resolver.resolve4("resolved.invalid", answered));
});

export const inThread = task("in-thread", { executor: threads({ size: 1 }) }, async (port: number) => {
  const plain = connect(port, "127.0.0.9");
  await over(plain, ["connect"]);
  plain.destroy();
});

const each = task("each", (item: number) => ({ item, from: "each" }));
const cached = task("cached", { cacheFor: "1h", cacheValidator: "allInputs" }, (input: string) => input.length);
const limited = task("limited", { tags: ["limited"] }, (item: number) => item);

/** With a store of its own, which only this file can read. */
const own = localStore({ directory: join(tmpdir(), "own-results") });
const report = task("report", { result: own }, () => ({ rows: 3 }));
const summary = task("summary", () => ({ rows: 3 }));

const unsteady = task("unsteady", { retries: 2, retryDelay: "10ms" }, () => {
  if (run.tryNumber === 1) throw new Error("not at the first try");
});

const inner = flow("inner", async (given: { readonly value: number }) => given.value);

export const child = flow("child", async () => {
  run.log.info("a run of its own");
});

export const whole = flow("whole", async () => {
  run.log.info("begins");
  await each.map([1, 2, 3]);
  await limited.map([1, 2, 3]);
  await cached("twice");
  await cached("twice");
  await unsteady();
  await report();
  await summary();
  run.artifact.markdown("report", "# done");
  await inner({ value: 1 });
  await waitForFlowRun(startFlowRun("child"));
  await kv.set("reached", (await kv.get<number>("reached")) ?? 0);
  await kv.delete("reached");
  await reachOut();
  await ask();
  await inThread((run.parameters as Parameters).port);
});

const broken = task("broken", () => {
  throw new Error("this stays with the agent");
});

export const fails = flow("fails", async () => {
  await broken();
});

const endless = task("endless", async () => {
  run.log.info("goes on and on");
  await new Promise(() => setInterval(() => {}, 1_000));
});

export const endlessly = flow("endlessly", async () => {
  await endless();
});

export const harmless = flow("harmless", async () => {
  await each(1);
});
