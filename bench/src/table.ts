import type { Goal } from "./contest.ts";
import type { Figure } from "./figure.ts";

/** The table of budgets, as Markdown, columns aligned so that it reads well in a terminal too. */
export function budgetTable(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.what + (figure.disturbed > 0 ? ` (${figure.disturbed} of ${figure.rounds} rounds disturbed)` : ""),
    `${round(figure.ours)} ${figure.unit}`,
    `${figure.peer.name}: ${round(figure.peer.value)}`,
    `${figure.limit.name}: ${round(figure.limit.value)}`,
    `${round(figure.ratio)} ×`,
    goalText(figure.goal, figure.unit),
    figure.reached ? "yes" : "**no**",
  ]);
  return markdown([["what", "ours", "peer", "limit", "ours ÷ peer", "goal", "reached?"], ...rows]);
}

/** Where the CPU time of one unit of ours went, in microseconds. */
export function cpuTable(figures: readonly Figure[]): string {
  const rows = figures.map(({ what, cpu }) => {
    const parts = [cpu.child, cpu.agent, cpu.cloud, cpu.postgres];
    const total = parts.reduce((sum, part) => sum + part, 0);
    return [what, ...parts.map(round), round(total), round(cpu.harness)];
  });
  return markdown([["CPU µs per unit", "child", "agent", "cloud", "Postgres", "together", "(harness)"], ...rows]);
}

/** A goal in words: `≥ 15,000 task runs/s and ≥ 10 × peer`. */
export function goalText(goal: Goal, unit: string): string {
  const parts = [
    goal.atLeast === undefined ? [] : `≥ ${round(goal.atLeast)} ${unit}`,
    goal.atMost === undefined ? [] : `≤ ${round(goal.atMost)} ${unit}`,
    goal.timesPeer === undefined ? [] : `≥ ${round(goal.timesPeer)} × peer`,
    goal.timesPeerAtMost === undefined ? [] : `≤ ${round(goal.timesPeerAtMost)} × peer`,
  ];
  return parts.flat().join(" and ");
}

/** Three digits are all that such a measurement can promise, and whole numbers from 100 on read better. */
export function round(value: number): string {
  if (!Number.isFinite(value)) return "–";
  return value.toLocaleString("en-US", value >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 });
}

function markdown(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  const [head, ...body] = rows.map(line);
  return [head, rule, ...body].join("\n");
}
