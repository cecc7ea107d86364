import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Contender, Contest } from "./contest.ts";
import { nodeStart } from "./limit/node-start.ts";
import type { Peer } from "./peers/peer.ts";
import type { Stage } from "./stage/stage.ts";

/** Samples in a round; the 99th percentile is taken over all rounds. */
const SAMPLES = 20;

/** From the acknowledged createFlowRun until the first task's own code runs, which is what graphile-worker's figure is about, too. */
export const latency: Contest = {
  id: "latency",
  unit: "ms",
  lines: [
    {
      what: "createFlowRun acknowledged → first task Running, process that has served the flow before, p50",
      ours: "stayed",
      peer: "graphile-worker",
      limit: "node -e 0",
      statistic: "p50",
      goal: { atMost: 15 },
    },
    {
      what: "createFlowRun acknowledged → first task Running, warm child, p50",
      ours: "warm",
      peer: "graphile-worker",
      limit: "node -e 0",
      statistic: "p50",
      goal: { atMost: 15 },
    },
    {
      what: "createFlowRun acknowledged → first task Running, warm child, p99",
      ours: "warm",
      peer: "graphile-worker",
      limit: "node -e 0",
      statistic: "p99",
      goal: { atMost: 50 },
    },
    {
      what: "createFlowRun acknowledged → first task Running, cold process, p50",
      ours: "cold",
      peer: "graphile-worker",
      limit: "node -e 0",
      statistic: "p50",
      goal: { atMost: 120 },
    },
  ],
  open: async (stage, scale) => {
    await stage.startAgent({ name: "stayed", labels: ["stayed"] });
    await stage.startAgent({ name: "warm", labels: ["warm"], warmChildren: 1, childReuse: "off" });
    await stage.startAgent({ name: "cold", labels: ["cold"], warmChildren: 0, childReuse: "off" });
    const samples = Math.ceil(SAMPLES * scale);
    return {
      stayed: firstTask(stage, "stayed", samples),
      warm: firstTask(stage, "warm", samples),
      "graphile-worker": peerLatency(await stage.startPeer("graphile"), samples),
      cold: firstTask(stage, "cold", samples),
      "node -e 0": sampled(samples, nodeStart),
    };
  },
};

/** The agent is let alone before each sample, until its next warm child has started and nothing moves any more. */
function firstTask(stage: Stage, label: string, samples: number): Contender {
  return sampled(samples, async () => {
    await stage.settled();
    const file = join(stage.directory, "stamp");
    const run = await stage.createFlowRun({ flow: "stamp", parameters: { file }, labels: [label] });
    await stage.ended([run.id]);
    return Number(BigInt(await readFile(file, "utf8")) - run.acknowledgedAt) / 1e6;
  });
}

function peerLatency(peer: Peer, samples: number): Contender {
  return { units: samples, measure: async () => await peer.ask("latency", samples) };
}

function sampled(samples: number, sample: () => Promise<number>): Contender {
  return {
    units: samples,
    measure: async () => {
      const values: number[] = [];
      while (values.length < samples) values.push(await sample());
      return values;
    },
  };
}
