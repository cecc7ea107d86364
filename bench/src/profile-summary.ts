import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
}

/** The part of a `.cpuprofile` that is looked at. */
export interface CpuProfile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: CallFrame }[];
  /** Ids of the nodes that were on top, one for each sample, and the microseconds before each. */
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Milliseconds on top of the stack, by a name such as `parse node:json`. */
export type SelfTimes = ReadonlyMap<string, number>;

const ASLEEP = new Set(["(idle)"]);

/** Adds up where the samples of some profiles were, the time in which nothing was done left out. */
export function selfTimes(profiles: readonly CpuProfile[]): SelfTimes {
  const times = new Map<string, number>();
  for (const { nodes, samples, timeDeltas } of profiles) {
    const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
    for (const [index, id] of samples.entries()) {
      const name = names.get(id) ?? "(unknown)";
      if (!ASLEEP.has(name)) times.set(name, (times.get(name) ?? 0) + (timeDeltas[index] ?? 0) / 1000);
    }
  }
  return times;
}

/** A function by its name and the end of its file's path: enough to find it, short enough for a line. */
function nameOf({ functionName, url, lineNumber }: CallFrame): string {
  const name = functionName === "" ? "(anonymous)" : functionName;
  if (url === "") return name;
  const file = url.split("/").slice(-3).join("/");
  return `${name} ${file}:${lineNumber + 1}`;
}

/** The functions that took most, as lines of text. */
export function summary(role: string, times: SelfTimes, count: number): string {
  const total = [...times.values()].reduce((sum, ms) => sum + ms, 0);
  const top = [...times].toSorted(([, a], [, b]) => b - a).slice(0, count);
  const lines = top.map(([name, ms]) => `${((ms / total) * 100).toFixed(1).padStart(6)} %  ${name}`);
  return [`${role}: ${Math.round(total)} ms awake`, ...lines].join("\n");
}

const FUNCTIONS = 25;

/** Summarises every profile below a directory that holds one folder for each role. */
export async function summarise(directory: string): Promise<string> {
  const parts: string[] = [];
  for (const role of (await readdir(directory)).toSorted()) {
    const files = await readdir(join(directory, role));
    const texts = await Promise.all(files.map(async (file) => await readFile(join(directory, role, file), "utf8")));
    const profiles = texts.filter((text) => text !== "").map((text) => JSON.parse(text) as CpuProfile);
    parts.push(summary(role, selfTimes(profiles), FUNCTIONS));
  }
  return parts.join("\n\n");
}
