import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { RunLine } from "./runs-list.ts";

/** Which runs a person has chosen. Those that are gone from the list are chosen no longer. */
export function useChosen(runs: readonly RunLine[]) {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const before = useRef<string | null>(null);
  const order = useRef(runs);
  useEffect(() => {
    order.current = runs;
  }, [runs]);
  const choose = useCallback((id: string, upTo: boolean) => {
    const meant = upTo ? between(order.current, before.current ?? id, id) : [id];
    before.current = id;
    setIds((now) => withAll(now, meant, !now.has(id)));
  }, []);
  const chosen = useMemo(() => new Set(runs.flatMap(({ id }) => (ids.has(id) ? [id] : []))), [runs, ids]);
  const all = () => setIds(chosen.size >= runs.length ? new Set() : new Set(runs.map(({ id }) => id)));
  return { chosen, choose, all, none: () => setIds(new Set()) };
}

function withAll(now: ReadonlySet<string>, ids: readonly string[], on: boolean): ReadonlySet<string> {
  const next = new Set(now);
  for (const id of ids) {
    if (on) next.add(id);
    else next.delete(id);
  }
  return next;
}

/** The ids from one to another, both included, whichever stands first. */
export function between(runs: readonly { readonly id: string }[], from: string, to: string): string[] {
  const [a, b] = [runs.findIndex(({ id }) => id === from), runs.findIndex(({ id }) => id === to)];
  if (a < 0 || b < 0) return [to];
  return runs.slice(Math.min(a, b), Math.max(a, b) + 1).map(({ id }) => id);
}
