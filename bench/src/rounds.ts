import { type Cast, type Timing, timed } from "./clock.ts";
import type { Contender } from "./contest.ts";

/** What one contender measured in one round. */
export interface Measured {
  readonly values: readonly number[];
  readonly timing: Timing;
}
/** One round: every contender once, one after the other. */
export type Round = Readonly<Record<string, Measured>>;

/** Above this part of the machine, something else disturbed the figure. Kernel threads that write our own pages back take up to 3 %. */
const DISTURBED_ABOVE = 0.06;

/** Whether something else than the measurement used the machine noticeably. */
export function isDisturbed(round: Round): boolean {
  return Object.values(round).some(({ timing }) => timing.foreign > DISTURBED_ABOVE);
}

/**
 * Measures rounds until enough were quiet: a disturbed one is measured again, not explained. After twice as many it gives up and
 * answers the quietest, so that a busy machine still gives figures, marked as such.
 */
export async function measureRounds(
  wanted: number,
  measure: () => Promise<Round>,
  told: (round: Round, quiet: number) => void,
): Promise<readonly Round[]> {
  const rounds: Round[] = [];
  const quiet = (): number => rounds.filter((round) => !isDisturbed(round)).length;
  while (quiet() < wanted && rounds.length < 2 * wanted) {
    const round = await measure();
    rounds.push(round);
    told(round, quiet());
  }
  return quietest(rounds, wanted);
}

/** The rounds in which the least of the machine went elsewhere, still in the order in which they were measured. */
export function quietest(rounds: readonly Round[], wanted: number): readonly Round[] {
  const worst = (round: Round): number => Math.max(...Object.values(round).map(({ timing }) => timing.foreign));
  const kept = new Set(rounds.toSorted((a, b) => worst(a) - worst(b)).slice(0, wanted));
  return rounds.filter((round) => kept.has(round));
}

/**
 * One round of these contenders, another of them first in each: whoever comes second meets what the first has left behind, such as pages that
 * Postgres still writes. Always in one order, two gates that did the same stood at 1.15 and at 0.96.
 */
export async function playRound(
  contenders: Readonly<Record<string, Contender>>,
  cast: Cast,
  turn: number,
): Promise<Round> {
  const round: Record<string, Measured> = {};
  for (const [name, contender] of rotated(Object.entries(contenders), turn)) {
    await contender.prepare?.();
    const { result, timing } = await timed(cast, () => contender.measure());
    round[name] = { values: result, timing };
  }
  return round;
}

/** The same, beginning further on by `turn`. */
export function rotated<T>(all: readonly T[], turn: number): readonly T[] {
  const from = all.length === 0 ? 0 : turn % all.length;
  return [...all.slice(from), ...all.slice(0, from)];
}
