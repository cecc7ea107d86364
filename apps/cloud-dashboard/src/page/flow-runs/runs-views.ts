import { useSyncExternalStore } from "react";
import { FAILED } from "./runs-failed.ts";
import { readRunsSearch, type RunsSearch } from "./runs-search.ts";

/** A search with a name. */
export interface RunsView {
  readonly name: string;
  readonly search: RunsSearch;
}

/** Those that everybody has. */
export const BUILT_IN_VIEWS: readonly RunsView[] = [
  { name: "All", search: {} },
  { name: "Running", search: { state: ["Running", "Cancelling"] } },
  {
    name: "Failed today",
    search: { state: FAILED, time: "ended", since: "today" },
  },
  { name: "Late", search: { late: true } },
  { name: "Waiting", search: { state: ["Scheduled", "Resume", "Retrying", "Submitted", "Paused"] } },
];

const PLACE = "weir-runs-views";
const changed = new EventTarget();

/** Views that a person keeps in this browser. Whatever else stands in the place counts as none. */
export function readViews(text: string | null): RunsView[] {
  try {
    const kept: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(kept) ? kept.flatMap(viewOf) : [];
  } catch {
    return [];
  }
}

function viewOf(given: unknown): RunsView[] {
  const { name, search } = (given ?? {}) as { name?: unknown; search?: unknown };
  if (typeof name !== "string" || typeof search !== "object" || search === null) return [];
  return [{ name, search: readRunsSearch(search as Record<string, unknown>) }];
}

function keep(views: readonly RunsView[]): void {
  localStorage.setItem(PLACE, JSON.stringify(views));
  changed.dispatchEvent(new Event("change"));
}

/** Keeps a view; one of the same name goes. */
export function keepView(view: RunsView): void {
  keep([...readViews(localStorage.getItem(PLACE)).filter(({ name }) => name !== view.name), view]);
}

export function forgetView(name: string): void {
  keep(readViews(localStorage.getItem(PLACE)).filter((view) => view.name !== name));
}

/** The person's own views. */
export function useViews(): RunsView[] {
  const text = useSyncExternalStore(
    (listener) => {
      changed.addEventListener("change", listener);
      return () => changed.removeEventListener("change", listener);
    },
    () => localStorage.getItem(PLACE),
  );
  return readViews(text);
}

/** Whether two searches ask for the same, in whatever order it is written. */
export function isSameSearch(one: RunsSearch, other: RunsSearch): boolean {
  return textOf(one) === textOf(other);
}

function textOf(search: RunsSearch): string {
  const byText = (one: unknown, other: unknown) => String(one).localeCompare(String(other));
  const parts = Object.entries(search).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.toSorted(byText) : value,
  ]);
  return JSON.stringify(parts.toSorted(([one], [other]) => byText(one, other)));
}
