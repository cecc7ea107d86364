import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from "node:fs";
import { expect, test } from "vitest";
import { eventually } from "./testing/eventually.ts";
import { setStage } from "./testing/stage.ts";

const ANONYMOUS = /^([0-9a-f]+)-([0-9a-f]+) r\S+ \S+ \S+ 0 *(\[.*\])?$/;
const LARGEST = 512 * 1024 * 1024;

/** Processes that this one has started, and theirs, whose command line names a child's entry. */
function childrenOf(pid: number): number[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((other) => {
    try {
      const stat = readFileSync(`/proc/${other}/stat`, "utf8");
      const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
      return parent === pid && readFileSync(`/proc/${other}/cmdline`, "utf8").includes("@weir/sdk/child.js");
    } catch {
      return false;
    }
  });
}

/** Whether a text stands in the memory that a process can read and that is no file's: heap, stack, buffers. */
function memoryHolds(pid: number, text: string): boolean {
  const memory = openSync(`/proc/${pid}/mem`, "r");
  try {
    return readFileSync(`/proc/${pid}/maps`, "utf8")
      .split("\n")
      .some((line) => {
        const [, from, to, name] = ANONYMOUS.exec(line) ?? [];
        if (from === undefined || to === undefined || name === "[vvar]") return false;
        return regionHolds(memory, Number.parseInt(from, 16), Number.parseInt(to, 16), text);
      });
  } finally {
    closeSync(memory);
  }
}

function regionHolds(memory: number, from: number, to: number, text: string): boolean {
  if (to - from > LARGEST) return false;
  const bytes = Buffer.alloc(to - from);
  try {
    const read = readSync(memory, bytes, 0, bytes.length, from);
    return bytes.subarray(0, read).includes(text) || bytes.subarray(0, read).includes(Buffer.from(text, "utf16le"));
  } catch {
    // Reserved and never used, or of the kernel.
    return false;
  }
}

/** Where a text stands of what can be read of a process from outside. */
function placesOf(pid: number, text: string): string[] {
  const files = readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${fd}`)];
    } catch {
      return [];
    }
  });
  const places: Readonly<Record<string, boolean>> = {
    environment: readFileSync(`/proc/${pid}/environ`, "utf8").includes(text),
    arguments: readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(text),
    descriptors: files.some((file) => file.includes(text)),
    maps: readFileSync(`/proc/${pid}/maps`, "utf8").includes(text),
    memory: memoryHolds(pid, text),
  };
  return Object.keys(places).filter((place) => places[place] === true);
}

test.runIf(process.platform === "linux")(
  "a running child holds neither the run's token nor a variable of the agent, in no place that can be read",
  // It reads a few hundred megabytes of memory, several times.
  { timeout: 180_000 },
  async () => {
    process.env["WEIR_AGENT_KEY"] = "weir_a_planted-in-the-agent";
    const { begin } = await setStage({ childExecArgv: ["--conditions=planted-in-argv"] });
    const { handle, run, claimed } = begin({ behave: "wait", planted: "planted-in-parameters" });
    await eventually("it runs", () => run.state === "Running");
    const found = (text: string): string[] => [
      ...new Set(childrenOf(process.pid).flatMap((pid) => placesOf(pid, text))),
    ];
    try {
      expect(found(claimed.runToken)).toEqual([]);
      expect(found("weir_a_planted-in-the-agent")).toEqual([]);
      // Each place is looked at: what does stand there is found.
      expect(found("planted-in-parameters")).toEqual(["memory"]);
      expect(found("NODE_COMPILE_CACHE=")).toContain("environment");
      expect(found("planted-in-argv")).toContain("arguments");
      expect(found("socket:")).toContain("descriptors");
      expect(found("[heap]")).toContain("maps");
    } finally {
      delete process.env["WEIR_AGENT_KEY"];
      handle.order({ kind: "cancel" });
      await handle.done;
    }
  },
);
