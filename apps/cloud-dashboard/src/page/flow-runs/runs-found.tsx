import { useCallback, useState, useSyncExternalStore } from "react";
import type { FlowRunFilter } from "../generated/operations.ts";
import { Button } from "../ui/button.tsx";
import { countText } from "../ui/count-text.ts";
import { Note } from "../ui/note.tsx";
import { Panel } from "../ui/panel.tsx";
import { BulkOutcome, type Done, RunsBulk } from "./runs-bulk.tsx";
import type { Choice } from "./runs-choice.ts";
import { useChosen } from "./runs-chosen.ts";
import { RunsEmpty } from "./runs-empty.tsx";
import { heldList, type RunLine } from "./runs-list.ts";
import { RunsTable } from "./runs-table.tsx";

/** How many a filter finds. */
export interface Found {
  readonly filter: FlowRunFilter;
  readonly count: number;
  /** More than can be changed at once. */
  readonly isMore: boolean;
}

interface RunsFoundProps {
  readonly runs: readonly RunLine[];
  readonly found: Found | undefined;
  readonly isNarrowed: boolean;
  readonly more: (() => void) | null;
}

/** The list, what is chosen in it, and what was done. */
export function RunsFound({ runs, found, isNarrowed, more }: RunsFoundProps) {
  const { chosen, choose, all, none } = useChosen(runs);
  const [wide, setWide] = useState<Choice | null>(null);
  const [done, setDone] = useState<Done | null>(null);
  const { shown, fresh, show } = useHeld(runs, chosen.size > 0);
  const choice: Choice = wide ?? { ids: [...chosen], expectedCount: chosen.size };
  const clear = () => {
    setWide(null);
    none();
  };
  const chooseOne = useCallback(
    (id: string, upTo: boolean) => {
      setWide(null);
      choose(id, upTo);
    },
    [choose],
  );
  const canWiden = found !== undefined && !found.isMore && wide === null && found.count > chosen.size;
  const widen = canWiden
    ? { count: found.count, act: () => setWide({ filter: found.filter, expectedCount: found.count }) }
    : null;
  return (
    <>
      {done !== null && (
        <Note close={() => setDone(null)}>
          <BulkOutcome {...done} />
        </Note>
      )}
      {choice.expectedCount > 0 && <RunsBulk choice={choice} chooseFound={widen} none={clear} done={setDone} />}
      {fresh > 0 && <Fresh count={fresh} show={show} />}
      <Panel flush className="@container">
        {shown.length === 0 ? (
          <RunsEmpty isNarrowed={isNarrowed} />
        ) : (
          <RunsTable runs={shown} chosen={chosen} choose={chooseOne} chooseAll={all} more={more} />
        )}
      </Panel>
    </>
  );
}

function Fresh({ count, show }: { readonly count: number; readonly show: () => void }) {
  return (
    <div role="status" className="sticky top-16 z-10 flex h-0 justify-center overflow-visible">
      <Button kind="main" className="shadow-md" onClick={show}>
        Show {countText(count, "new run")}
      </Button>
    </div>
  );
}

const AWAY_PX = 120;

/** Whether the head of the page is out of sight. */
function useScrolled(): boolean {
  return useSyncExternalStore(
    (listener) => {
      window.addEventListener("scroll", listener, { passive: true });
      return () => window.removeEventListener("scroll", listener);
    },
    () => window.scrollY > AWAY_PX,
  );
}

/** Holds new runs back while a person reads further down, or has chosen some: no row moves under their hand. */
function useHeld(runs: readonly RunLine[], isBusy: boolean) {
  const [top, setTop] = useState<string | null>(null);
  const isAway = useScrolled() || isBusy;
  const first = runs[0]?.id ?? null;
  if (isAway && top === null && first !== null) setTop(first);
  if (!isAway && top !== null) setTop(null);
  const show = () => {
    setTop(first);
    window.scrollTo({ top: 0 });
  };
  return { ...heldList(runs, isAway ? top : null), show };
}
