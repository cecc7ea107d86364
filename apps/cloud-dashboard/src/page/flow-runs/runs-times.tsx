import { useId } from "react";
import { FilterSelect } from "../ui/filter-select.tsx";
import type { RunsFiltersProps } from "./runs-filters.tsx";
import { RUN_MOMENTS, type RunMoment, type Span, SPANS } from "./runs-search.ts";

const TELLS = {
  "1h": "in the last hour",
  today: "today",
  "24h": "in the last 24 hours",
  "7d": "in the last 7 days",
  "30d": "in the last 30 days",
} as const satisfies Record<Span, string>;

const BETWEEN = "between";

/** Which moment of a run counts, and when that has to be. */
export function RunsTimes({ search, change }: RunsFiltersProps) {
  const { since, from, to, time = "created" } = search;
  const isBetween = from !== undefined || to !== undefined;
  const span = (value: string) => {
    const begin = value === BETWEEN ? new Date(Date.now() - 86_400_000).toISOString() : undefined;
    change({ since: SPANS.find((one) => one === value), from: begin, to: undefined });
  };
  return (
    <>
      <FilterSelect label="Which were" value={time} change={(value) => change({ time: value as RunMoment })}>
        {RUN_MOMENTS.map((moment) => (
          <option key={moment}>{moment}</option>
        ))}
      </FilterSelect>
      <FilterSelect label="When" value={since ?? (isBetween ? BETWEEN : "")} change={span}>
        <option value="">at any time</option>
        {SPANS.map((one) => (
          <option key={one} value={one}>
            {TELLS[one]}
          </option>
        ))}
        <option value={BETWEEN}>between two moments</option>
      </FilterSelect>
      {isBetween && (
        <>
          <MomentField label="From" at={from} change={(at) => change({ from: at })} />
          <MomentField label="Until" at={to} change={(at) => change({ to: at })} />
        </>
      )}
    </>
  );
}

interface MomentFieldProps {
  readonly label: string;
  readonly at: string | undefined;
  readonly change: (at: string | undefined) => void;
}

/** The browser's own field knows the machine's zone alone. */
function MomentField({ label, at, change }: MomentFieldProps) {
  const id = useId();
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block text-[13px] text-muted">
        {label}, by this machine's clock
      </label>
      <input
        id={id}
        type="datetime-local"
        value={localText(at)}
        onChange={({ target }) => change(target.value === "" ? undefined : new Date(target.value).toISOString())}
        className="min-h-8 w-full rounded-md border border-line bg-panel px-2"
      />
    </div>
  );
}

function localText(at: string | undefined): string {
  if (at === undefined) return "";
  const moment = new Date(at);
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
