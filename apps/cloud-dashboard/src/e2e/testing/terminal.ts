import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { stripVTControlCharacters } from "node:util";
import { type Command, MAIN } from "./processes.ts";

/** Starts `weir …` on a terminal of its own, 200 characters wide. */
export function startOnTerminal(args: readonly string[], cwd: string): Command {
  const words = [process.execPath, MAIN, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  const command = `stty cols 200; exec ${words.join(" ")}`;
  const child = spawn("script", ["-qefc", command, "/dev/null"], {
    cwd,
    env: { PATH: process.env.PATH, HOME: tmpdir(), TERM: "xterm", SHELL: "/bin/sh" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let written = "";
  child.stdout.setEncoding("utf8").on("data", (piece: string) => (written += piece));
  return {
    child,
    written: () => stripVTControlCharacters(written),
    ended: once(child, "close").then(([code]) => code as number | null),
  };
}
