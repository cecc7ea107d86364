import { spawn } from "node:child_process";
import { once } from "node:events";

/** Milliseconds that the bare runtime needs to start, do nothing and end: no cold child can be faster. */
export async function nodeStart(): Promise<number> {
  const began = performance.now();
  const child = spawn(process.execPath, ["-e", "0"], { stdio: "ignore" });
  await once(child, "exit");
  return performance.now() - began;
}
