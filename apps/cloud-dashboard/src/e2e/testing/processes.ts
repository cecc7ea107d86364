import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { resolve } from "node:path";

/** The command line. */
export const MAIN = resolve(import.meta.dirname, "../../../../cli/src/main.ts");

/** A command line of a user: started as a process, as they start it. */
export interface Command {
  readonly child: ChildProcess;
  /** All that it wrote so far, to either stream. */
  readonly written: () => string;
  /** Its exit code. */
  readonly ended: Promise<number | null>;
}

/** Starts `weir …` with nothing of this process' environment but the path. */
export function startWeir(args: readonly string[], cwd: string, env: Readonly<Record<string, string>>): Command {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { PATH: process.env.PATH, HOME: tmpdir(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let written = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (piece: string) => (written += piece));
  return { child, written: () => written, ended: once(child, "close").then(([code]) => code as number | null) };
}

/** Runs `weir …` to its end and gives what it wrote. @throws Error with it, when the exit code is another than 0 */
export async function weir(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const command = startWeir(args, cwd, env);
  const code = await command.ended;
  if (code !== 0) throw new Error(`weir ${args.join(" ")} ended with ${code}: ${command.written()}`);
  return command.written();
}
