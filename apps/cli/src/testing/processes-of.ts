import { readdirSync, readFileSync } from "node:fs";

function read(pid: string, what: "environ" | "cmdline"): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, "latin1").replaceAll("\0", " ");
  } catch {
    return "";
  }
}

/** Command lines of the processes whose arguments or environment name a folder: whatever was started for it, by whomever. */
export function processesOf(folder: string): string[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return pids
    .filter((pid) => `${read(pid, "cmdline")} ${read(pid, "environ")}`.includes(folder))
    .map((pid) => `${pid} ${read(pid, "cmdline")}`);
}
