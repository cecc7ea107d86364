import { Socket } from "node:net";
import { IPC_FD, type FromChild, type ToChild } from "@weir/protocol/ipc";
import type { LineWriter } from "./event-batches.ts";

/** The socket to the runner: newline-delimited JSON on the file descriptor that every child is started with. */
export class RunnerLine implements LineWriter {
  readonly #socket: Socket;

  /** @throws Error when this process was not started by a runner. */
  constructor(closed: () => void) {
    this.#socket = new Socket({ fd: IPC_FD, readable: true, writable: true });
    this.#socket.on("close", closed);
    // What matters is that it is closed; which error came first does not.
    this.#socket.on("error", () => undefined);
  }

  onMessage(heard: (message: ToChild) => void): void {
    let rest: string[] = [];
    this.#socket.setEncoding("utf8");
    this.#socket.on("data", (chunk: string) => {
      const lines = chunk.split("\n");
      // A start message may come in hundreds of pieces: they are joined once, when its end is there.
      for (const line of lines.slice(0, -1)) {
        heard(JSON.parse(rest.join("") + line) as ToChild);
        rest = [];
      }
      rest.push(lines.at(-1) ?? "");
    });
  }

  write(line: string): boolean {
    return this.#socket.write(line);
  }

  onDrain(callback: () => void): void {
    this.#socket.on("drain", callback);
  }

  send(message: FromChild): void {
    this.#socket.write(`${JSON.stringify(message)}\n`);
  }

  /** Resolves when the runner has taken all that was sent so far. */
  async sent(): Promise<void> {
    if (this.#socket.writableLength > 0) await new Promise<void>((resolve) => this.#socket.write("", () => resolve()));
  }

  /** Sends the last message and resolves when all is handed to the runner. */
  async finish(message: FromChild): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#socket.end(`${JSON.stringify(message)}\n`, resolve);
    });
  }
}
