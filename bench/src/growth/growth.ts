import { openLoad } from "../claims/load.ts";
import type { Contest, Line } from "../contest.ts";
import { openAged, SAMPLES } from "./aged-cloud.ts";
import { inTurn } from "./in-turn.ts";
import { grown, packed } from "./stored-bytes.ts";
import { inOneReport, inOneReportKept, inTwoReportsKept } from "./stories.ts";

/** Task runs of one measurement: a file grows by up to 512 KiB at once, which must not show. */
const TASK_RUNS = 50_000;
const MOST_BYTES = 500;

const YOUNG = 10_000;
const OLD = 10_000_000;
/** Within 20 percent. */
const MOST_TIMES = 1.2;

const bytes = (what: string, name: string): Line => ({
  what: `bytes of a task run with its three history rows and all indexes: ${what}`,
  ours: name,
  peer: `${name}, packed`,
  limit: `${name}, packed`,
  statistic: "p50",
  goal: { atMost: MOST_BYTES },
});

const aged = (what: string): Line => ({
  what: `${what}, p95 at 10 M task runs (peer: at 10 k)`,
  ours: `${what}, 10 M`,
  peer: `${what}, 10 k`,
  limit: `${what}, 10 k`,
  statistic: "p95",
  goal: { timesPeerAtMost: MOST_TIMES },
  unit: "ms",
});

const STORIES = {
  "one report": inOneReport,
  "one report, kept": inOneReportKept,
  "two reports, kept": inTwoReportsKept,
};

/** What a cloud needs for each task run, and what it costs to have seen many. */
export const growth: Contest = {
  id: "growth",
  unit: "bytes",
  lines: [
    bytes("begun and ended within one report", "one report"),
    bytes("the same, result kept", "one report, kept"),
    bytes("begun in one report and ended in another, result kept", "two reports, kept"),
    aged("claims"),
    aged("run list"),
  ],
  open: async (stage, scale) => {
    const contenders = [];
    for (const [name, story] of Object.entries(STORIES)) {
      const load = await openLoad(stage, name.replaceAll(/\W+/g, "_"));
      contenders.push([name, grown(load, TASK_RUNS * scale, story)], [`${name}, packed`, packed(load)]);
    }
    const [young, old] = [await openAged(stage, "young", YOUNG), await openAged(stage, "old", OLD * scale)];
    for (const what of ["claims", "list"] as const) {
      const name = what === "list" ? "run list" : what;
      const [ofYoung, ofOld] = inTurn([young[what], old[what]], SAMPLES);
      contenders.push([`${name}, 10 k`, ofYoung], [`${name}, 10 M`, ofOld]);
    }
    return Object.fromEntries(contenders);
  },
};
