import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { WorkerOrder, WorkerReady } from "../bullmq/worker-main.ts";

const MAIN = join(import.meta.dirname, "..", "bullmq", "worker-main.ts");

/** A worker process, with the test in the place of the command line. */
export class WorkerProcess {
  readonly process: ChildProcess;
  output = "";

  constructor(order: Partial<WorkerOrder> & Pick<WorkerOrder, "redis" | "files">) {
    this.process = fork(MAIN, [], {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      execArgv: [],
      env: { PATH: process.env["PATH"], CONTRACT_SECRET: "contract-s3cret" },
    });
    this.process.stdout?.on("data", (chunk: Buffer) => void (this.output += chunk.toString()));
    this.process.stderr?.on("data", (chunk: Buffer) => void (this.output += chunk.toString()));
    const rest = { queue: "weir", concurrency: 2, stallMs: 1_000, graceMs: 5_000 };
    this.process.send({ kind: "start", ...rest, ...order } satisfies WorkerOrder);
  }

  static async started(order: Partial<WorkerOrder> & Pick<WorkerOrder, "redis" | "files">): Promise<WorkerProcess> {
    const worker = new WorkerProcess(order);
    await worker.ready();
    return worker;
  }

  /** @throws Error with its output when it ends instead. */
  async ready(): Promise<WorkerReady> {
    const exit = once(this.process, "exit").then(([code]) => {
      throw new Error(`The worker ended with ${String(code)}: ${this.output}`);
    });
    const [message] = (await Promise.race([once(this.process, "message"), exit])) as [WorkerReady];
    return message;
  }

  async ended(): Promise<number | string | null> {
    const { process } = this;
    if (process.exitCode === null && process.signalCode === null) await once(process, "exit");
    return process.exitCode ?? process.signalCode;
  }

  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<number | string | null> {
    this.process.kill(signal);
    return await this.ended();
  }
}
