import type { Role } from "./clock.ts";
import { type Contender, type Line, reached } from "./contest.ts";
import { isDisturbed, type Round } from "./rounds.ts";
import { median, percentile } from "./statistics.ts";

/** A finished line of the table. */
export interface Figure {
  readonly what: string;
  readonly unit: string;
  readonly statistic: Line["statistic"];
  readonly ours: number;
  readonly peer: { readonly name: string; readonly value: number };
  readonly limit: { readonly name: string; readonly value: number };
  /** Ours divided by the peer, in each round; the middle one. */
  readonly ratio: number;
  readonly goal: Line["goal"];
  readonly reached: boolean;
  readonly rounds: number;
  /** Rounds in which something else used the machine. */
  readonly disturbed: number;
  /** Microseconds of CPU time for one unit of ours, by role. */
  readonly cpu: Readonly<Record<Role, number>>;
}

/** What the rounds say about one line. */
export function figureOf(
  line: Line,
  unit: string,
  rounds: readonly Round[],
  contenders: Readonly<Record<string, Contender>>,
): Figure {
  const ours = valueOf(line.ours, line.statistic, rounds);
  const ratio = median(
    rounds.map((round) => inRound(line.ours, line.statistic, round) / inRound(line.peer, line.statistic, round)),
  );
  return {
    what: line.what,
    unit,
    statistic: line.statistic,
    ours,
    peer: { name: line.peer, value: valueOf(line.peer, line.statistic, rounds) },
    limit: { name: line.limit, value: valueOf(line.limit, line.statistic, rounds) },
    ratio,
    goal: line.goal,
    reached: reached(line.goal, ours, ratio),
    rounds: rounds.length,
    disturbed: rounds.filter(isDisturbed).length,
    cpu: cpuPerUnit(line.ours, contenders[line.ours]?.units ?? 1, rounds),
  };
}

const QUANTILES = { p50: 0.5, p95: 0.95, p99: 0.99 } as const satisfies Record<Line["statistic"], number>;

/** A p95 or p99 needs more values than one round has, so it is taken over all of them; everything else is the median of the rounds. */
function valueOf(contender: string, statistic: Line["statistic"], rounds: readonly Round[]): number {
  if (statistic === "p50") return median(rounds.map((round) => inRound(contender, statistic, round)));
  return percentile(
    rounds.flatMap((round) => round[contender]?.values ?? []),
    QUANTILES[statistic],
  );
}

function inRound(contender: string, statistic: Line["statistic"], round: Round): number {
  return percentile(round[contender]?.values ?? [], QUANTILES[statistic]);
}

function cpuPerUnit(contender: string, units: number, rounds: readonly Round[]): Record<Role, number> {
  const of = (role: Role): number => median(rounds.map((round) => round[contender]?.timing.cpu[role] ?? 0));
  const micro = (role: Role): number => (of(role) * 1000) / units;
  return {
    harness: micro("harness"),
    cloud: micro("cloud"),
    agent: micro("agent"),
    child: micro("child"),
    postgres: micro("postgres"),
    peer: micro("peer"),
  };
}
