import "uplot/dist/uPlot.min.css";
import { isFailed, isSuccessful, type StateName, STATES } from "@weir/protocol/state";
import { useEffect, useRef } from "react";
import UPlot from "uplot";
import { durationText } from "../../ui/time-text.ts";
import { zoneInUse } from "../../ui/time-zone.ts";

const HEIGHT = 180;

/** A run that is over. */
interface EndedRun {
  readonly state: StateName;
  readonly endedAt: string;
  readonly seconds: number;
}

/** How long each run took, oldest first. The same stands in the table of runs, for those who do not see it. */
export function DurationPlot({ runs }: { readonly runs: readonly EndedRun[] }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { current } = place;
    if (current === null) return undefined;
    const plot = new UPlot(optionsOf(current), dataOf(runs), current);
    const sizes = new ResizeObserver(() => plot.setSize({ width: current.clientWidth, height: HEIGHT }));
    sizes.observe(current);
    const forget = whenThemeChanges(() => plot.redraw());
    return () => {
      forget();
      sizes.disconnect();
      plot.destroy();
    };
  }, [runs]);
  return <div ref={place} aria-hidden style={{ height: HEIGHT }} />;
}

/** The page's theme, or the machine's that it follows. */
function whenThemeChanges(act: () => void): () => void {
  const machine = matchMedia("(prefers-color-scheme: dark)");
  const page = new MutationObserver(act);
  page.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  machine.addEventListener("change", act);
  return () => {
    page.disconnect();
    machine.removeEventListener("change", act);
  };
}

/** Moments in seconds, then durations in seconds of those that succeeded, failed, and ended otherwise. */
function dataOf(runs: readonly EndedRun[]): UPlot.AlignedData {
  const timed = runs.map((run) => ({ ...run, at: Date.parse(run.endedAt) / 1_000 })).toSorted((a, b) => a.at - b.at);
  const of = (is: (run: EndedRun) => boolean) => timed.map((run) => (is(run) ? run.seconds : null));
  return [
    timed.map(({ at }) => at),
    of(({ state }) => isSuccessful(state)),
    of(({ state }) => isFailed(state)),
    of(({ state }) => !isSuccessful(state) && !isFailed(state)),
  ];
}

function optionsOf(place: HTMLElement): UPlot.Options {
  // Asked for at each drawing: the theme may have changed.
  const ink = () => getComputedStyle(place).color;
  const grid = { stroke: "rgb(128 128 128 / 0.2)", width: 1 };
  const points = (label: string, color: string, shape: number): UPlot.Series => ({
    label,
    stroke: color,
    paths: () => null,
    points: { show: true, size: shape, fill: color, stroke: color },
    value: (_plot, seconds: number | null) => (seconds === null ? "–" : durationText(seconds * 1_000)),
  });
  return {
    width: place.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: { y: { range: (_plot, _least, most) => [0, Math.max(0.01, most * 1.1)] } },
    axes: [
      { stroke: ink, grid, ticks: grid, values: (_plot, splits, _axis, _space, step) => timesOf(splits, step) },
      {
        stroke: ink,
        grid,
        ticks: grid,
        size: 64,
        values: (_plot, splits) => splits.map((seconds) => durationText(seconds * 1_000)),
      },
    ],
    series: [
      {},
      points("succeeded", STATES.Success.color, 6),
      points("failed", STATES.Failed.color, 9),
      points("cancelled", STATES.Cancelled.color, 6),
    ],
  };
}

const MINUTE = 60;
const DAY = 86_400;

/** What stands below the plot: days, or times of the day, in the zone that the person chose. */
function timesOf(splits: readonly number[], step: number): string[] {
  const zone = zoneInUse();
  const timeZone = zone === "local" ? undefined : zone;
  const time: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit" };
  const fineTime: Intl.DateTimeFormatOptions = step < MINUTE ? { ...time, second: "2-digit" } : time;
  const format = new Intl.DateTimeFormat("en-GB", {
    ...(step < DAY ? fineTime : { day: "2-digit", month: "short" }),
    timeZone,
  });
  return splits.map((seconds) => format.format(seconds * 1_000));
}
