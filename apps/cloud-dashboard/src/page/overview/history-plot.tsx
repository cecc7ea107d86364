import "uplot/dist/uPlot.min.css";
import { useEffect, useRef } from "react";
import UPlot from "uplot";
import { useTheme } from "../app/theme.ts";
import { useZone, type Zone } from "../ui/time-zone.ts";
import { type HistoryBucket, KINDS, stackedCounts } from "./history.ts";

/** Of the drawing, in pixels. */
const PLOT_PX = 170;

interface HistoryPlotProps {
  readonly buckets: readonly HistoryBucket[];
  /** Goes to the runs of one bar. */
  readonly open: (bucket: HistoryBucket) => void;
}

/** A bar for each span of time. The same stands in a table, for those who do not see it. */
export default function HistoryPlot({ buckets, open }: HistoryPlotProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot | null>(null);
  const theme = useTheme();
  const zone = useZone();
  const data = useRef(buckets);
  useEffect(() => {
    data.current = buckets;
    plot.current?.setData(dataOf(buckets));
  }, [buckets]);
  useEffect(() => {
    const { current } = place;
    if (current === null) return undefined;
    const made = new UPlot(optionsOf(current, zone), dataOf(data.current), current);
    plot.current = made;
    const sizes = new ResizeObserver(() => made.setSize({ width: current.clientWidth, height: PLOT_PX }));
    sizes.observe(current);
    const night = matchMedia("(prefers-color-scheme: dark)");
    const redraw = () => made.redraw();
    night.addEventListener("change", redraw);
    return () => {
      night.removeEventListener("change", redraw);
      sizes.disconnect();
      made.destroy();
      plot.current = null;
    };
    // Another theme draws it anew.
  }, [theme, zone]);
  const click = () => {
    const bucket = buckets[plot.current?.cursor.idx ?? -1];
    if (bucket !== undefined) open(bucket);
  };
  return <div ref={place} aria-hidden onClick={click} className="cursor-pointer" style={{ height: PLOT_PX }} />;
}

/** Moments in seconds; then the highest part of each bar first, since those that follow are drawn over it. */
function dataOf(buckets: readonly HistoryBucket[]): UPlot.AlignedData {
  const stacked = buckets.map(stackedCounts);
  const parts = KINDS.map((_kind, at) => stacked.map((counts) => counts[at] ?? 0)).toReversed();
  const moments = buckets.map(({ from, to }) => (Date.parse(from) + Date.parse(to)) / 2_000);
  return [moments, ...parts];
}

function optionsOf(place: HTMLElement, zone: Zone): UPlot.Options {
  // Asked with each drawing: the colours may have changed.
  const ink = () => getComputedStyle(place).color;
  const grid = { stroke: "rgb(128 128 128 / 0.2)", width: 1 };
  const paths = UPlot.paths.bars?.({ size: [0.8, 60] });
  return {
    width: place.clientWidth,
    height: PLOT_PX,
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: { x: { range: wide }, y: { range: (_plot, _least, most) => [0, Math.max(4, most * 1.1)] } },
    padding: [8, 28, 0, 0],
    axes: [
      {
        stroke: ink,
        grid: { show: false },
        ticks: grid,
        size: 32,
        values: (_plot, splits, _axis, _room, step) => times(splits, step, zone),
      },
      { stroke: ink, grid, ticks: grid, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000] },
    ],
    series: [
      {},
      ...KINDS.map(({ name, color }) => ({
        label: name,
        stroke: color,
        fill: color,
        width: 0,
        points: { show: false },
        ...(paths === undefined ? {} : { paths }),
      })).toReversed(),
    ],
  };
}

/** From the left edge of the first bar to the right one of the last. */
function wide({ data: [moments] }: UPlot): UPlot.Range.MinMax {
  const [first = 0, second = first] = moments;
  const half = (second - first) / 2;
  return [first - half, (moments.at(-1) ?? first) + half];
}

const DAY_SECONDS = 86_400;

/** Hours of one day, and the date where there are days between the marks. */
function times(moments: readonly number[], step: number, zone: Zone): string[] {
  const form =
    step < DAY_SECONDS
      ? ({ hour: "2-digit", minute: "2-digit" } as const)
      : ({ day: "2-digit", month: "short" } as const);
  const clock = new Intl.DateTimeFormat("en-GB", { ...form, ...(zone === "local" ? {} : { timeZone: zone }) });
  return moments.map((moment) => clock.format(moment * 1_000));
}
