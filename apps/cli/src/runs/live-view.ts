import type { RunUpdate } from "../connection/answers.ts";
import type { Io } from "../io.ts";
import { LiveRegion } from "../terminal/live-region.ts";
import { happeningLines, progressLine, runningLine } from "./happening-lines.ts";
import { type Happening, type MapProgress, RunView } from "./run-view.ts";

const REDRAW_MS = 200;
/** In a terminal that is redrawn, more than this would push the log lines out of sight. */
const REGION_LINES = 8;
/** Where nothing is redrawn, a mapped task is told of at each quarter. */
const PLAIN_STEPS = 4;

/** Shows a run as it goes: lines for what happened, below them what goes on now. */
export class LiveView {
  readonly view = new RunView();
  readonly #io: Io;
  readonly #region: LiveRegion | null;
  readonly #steps = new Map<number, number>();
  readonly #timer: NodeJS.Timeout | null;
  #since: number | null = null;

  constructor(io: Io) {
    this.#io = io;
    this.#region = io.interactive ? new LiveRegion(io) : null;
    this.#timer = io.interactive ? setInterval(() => this.#region?.draw([], this.#now()), REDRAW_MS) : null;
  }

  show(update: RunUpdate): void {
    this.#since ??= Date.parse(update.flowRun.createdAt);
    this.#tell(this.view.apply(update));
  }

  /** The stream is over: tells the end of the run. */
  close(): void {
    this.#tell(this.view.closing());
  }

  /** Takes the region away. */
  end(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#region?.draw([], []);
  }

  #tell(news: readonly Happening[]): void {
    const worth = news.filter((happening) => this.#isWorthALine(happening));
    const lines = [
      ...worth.flatMap((happening) => happeningLines(this.#io, happening, this.#since ?? 0)),
      ...this.#progressForGood(),
    ];
    if (this.#region !== null) this.#region.draw(lines, this.#now());
    else if (lines.length > 0) this.#io.out(`${lines.join("\n")}\n`);
  }

  /** What runs now stands in the region, where there is one. */
  #isWorthALine(happening: Happening): boolean {
    return this.#region === null || happening.kind !== "task" || happening.taskRun.state !== "Running";
  }

  #now(): string[] {
    const bars = this.view.progress().filter(({ finished, total }) => finished < total);
    const running = this.view.running().filter(({ number }) => !bars.some((bar) => bar.number === number));
    const now = Date.now();
    return [
      ...bars.map((bar) => progressLine(this.#io, bar)),
      ...running.map((taskRun) => runningLine(this.#io, taskRun, now)),
    ].slice(0, REGION_LINES);
  }

  /** A bar that stays: where nothing is redrawn at each quarter, otherwise when it is full. */
  #progressForGood(): string[] {
    const steps = this.#region === null ? PLAIN_STEPS : 1;
    return this.view.progress().flatMap((progress) => {
      const step = stepOf(progress, steps);
      if (step <= (this.#steps.get(progress.number) ?? 0)) return [];
      this.#steps.set(progress.number, step);
      return [progressLine(this.#io, progress)];
    });
  }
}

function stepOf({ finished, total }: MapProgress, steps: number): number {
  return total === 0 ? 0 : Math.floor((steps * finished) / total);
}
