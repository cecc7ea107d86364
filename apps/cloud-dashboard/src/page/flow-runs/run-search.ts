import { STATE_NAMES, type StateName } from "@weir/protocol/state";
import { type LogsSearch, readLogsSearch } from "../logs/logs-search.ts";
import { readView, viewText } from "./timeline-view.ts";

/** Parts of the page of a run; the first is shown where the address says none. */
export const RUN_TABS = [
  "timeline",
  "graph",
  "tasks",
  "logs",
  "states",
  "parameters",
  "results",
  "artifacts",
  "attempts",
] as const;
export type RunTab = (typeof RUN_TABS)[number];

/** What is left of a run whose task runs, logs and artifacts the cloud has dropped. */
const LASTING_TABS: readonly RunTab[] = ["states", "parameters", "attempts"];

export function tabsOf({ isForgotten }: { readonly isForgotten: boolean }): readonly RunTab[] {
  return isForgotten ? LASTING_TABS : RUN_TABS;
}

/** The part that the address asks for, or the first one where it asks for none that there is. */
export function shownTab(tabs: readonly RunTab[], asked: RunTab | undefined): RunTab {
  return tabs.find((tab) => tab === asked) ?? tabs[0] ?? "timeline";
}

/** By what task runs can be ordered. */
const TASK_ORDERS = ["number", "task", "state", "started", "duration", "tries"] as const;
export type TaskOrder = (typeof TASK_ORDERS)[number];

/** What the address of a run says after its `?`. */
export interface RunSearch extends LogsSearch {
  readonly tab?: Exclude<RunTab, "timeline">;
  /** Task runs in any of these states. */
  readonly state?: readonly StateName[];
  /** Part of the name of a task. */
  readonly task?: string;
  readonly by?: TaskOrder;
  readonly desc?: true;
  /** Task runs that are opened, where they begin folded, and the other way round. */
  readonly open?: readonly number[];
  /** What the timeline shows: `from-to` in milliseconds. */
  readonly zoom?: string;
}

/** Whatever is not understood is left out. */
export function readRunSearch(given: Record<string, unknown>): RunSearch {
  const tab = RUN_TABS.find((one): one is Exclude<RunTab, "timeline"> => one === given["tab"] && one !== "timeline");
  const state = listOf(given["state"]).filter((one): one is StateName => STATE_NAMES.some((known) => known === one));
  const open = listOf(given["open"])
    .map(Number)
    .filter((number) => Number.isSafeInteger(number) && number > 0);
  const by = TASK_ORDERS.find((one) => one === given["by"]);
  const view = readView(given["zoom"]);
  const task = textOf(given["task"]);
  return {
    ...readLogsSearch(given),
    ...(tab && { tab }),
    ...(state.length > 0 && { state }),
    ...(task !== "" && { task }),
    ...(by && { by }),
    ...(given["desc"] === true && { desc: true as const }),
    ...(open.length > 0 && { open }),
    ...(view && { zoom: viewText(view) }),
  };
}

/** The router reads what looks like JSON as such: a task may be called `42`. */
const textOf = (given: unknown): string => (["string", "number"].includes(typeof given) ? String(given) : "");

function listOf(given: unknown): string[] {
  const items: unknown[] = Array.isArray(given) ? given : textOf(given).split(",");
  return items.map(textOf).filter((item) => item !== "");
}
