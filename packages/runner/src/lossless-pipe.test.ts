import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Socket } from "node:net";
import { expect, test } from "vitest";
import { makeLossless } from "./lossless-pipe.ts";

const BYTES = 100_000;

/** A process that writes and ends without ever reading; its reader is paused meanwhile. */
function writer() {
  const script = `require("node:fs").writeSync(3, "x".repeat(${BYTES}));`;
  const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "ignore", "inherit", "pipe"] });
  const pipe = child.stdio[3] as Socket;
  const told = { bytes: 0 };
  pipe.on("error", () => {});
  pipe.on("data", (piece: Buffer) => (told.bytes += piece.length)).pause();
  return { pipe, told, exited: once(child, "exit"), closed: once(pipe, "close") };
}

test("what a process wrote is read to its end, although a message to it could not be written any more", async () => {
  const { pipe, told, exited, closed } = writer();
  makeLossless(pipe);
  await exited;
  pipe.pause();
  pipe.write("too late\n");
  pipe.write("much too late\n");
  setImmediate(() => pipe.resume());
  await closed;
  expect(told.bytes).toBe(BYTES);
});

test("what a process wrote is read to its end, although it ended with a message unread", async () => {
  const { pipe, told, closed } = writer();
  makeLossless(pipe);
  pipe.write("never read\n");
  await closed;
  expect(told.bytes).toBe(BYTES);
});
