import { parseArgs } from "node:util";

export const USAGE = `Usage: pnpm bench [--only ID] [--runs N] [--scale F] [--json] [--save] [--profile]

  --only ID     only this contest: fan-out, sequential, flow-runs, latency, claims, idle, restart, gate,
                redaction, engine-overhead, engine-map, engine-memory, isolation, growth or queries
  --runs N      measured rounds, each of ours and the peer in turn (default 5)
  --scale F     multiplies the amount of work, e.g. 0.05 to see that everything runs (default 1)
  --json        one JSON document instead of the table
  --save        writes bench/results/latest.json and the table in bench/README.md
  --profile     CPU profiles of cloud, agent and child in bench/results/profiles (the figures suffer)

Example: pnpm bench --only latency --runs 7 --save`;

export interface Options {
  readonly only: string | null;
  readonly runs: number;
  readonly scale: number;
  readonly json: boolean;
  readonly save: boolean;
  readonly profile: boolean;
  readonly help: boolean;
}

/** Reads the command line. Throws a sentence when a value makes no sense. */
export function readOptions(argv: readonly string[], contests: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      only: { type: "string" },
      runs: { type: "string", default: "5" },
      scale: { type: "string", default: "1" },
      json: { type: "boolean", default: false },
      save: { type: "boolean", default: false },
      profile: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const { only = null, json, save, profile, help } = values;
  if (only !== null && !contests.includes(only)) {
    throw new Error(`--only ${only}: there is no such contest. There are ${contests.join(", ")}.`);
  }
  return {
    only,
    runs: positive("--runs", values.runs),
    scale: positive("--scale", values.scale),
    json,
    save,
    profile,
    help,
  };
}

function positive(name: string, text: string): number {
  const number = Number(text);
  if (Number.isFinite(number) && number > 0) return number;
  throw new Error(`${name} ${text}: give a number above 0.`);
}
