import { Chip } from "../ui/chip.tsx";
import { FilterField } from "../ui/filter-field.tsx";
import { useSearchTexts } from "../ui/search-texts.ts";
import { OUTCOMES, outcomesOf, withOutcome } from "./audit-filter.ts";

interface AuditFiltersProps {
  readonly names: ReadonlyMap<string, string>;
  /** Entries that are shown: their actions are offered. */
  readonly known: readonly { readonly action: string }[];
}

/** What narrows the log; all of it stands in the address. */
export function AuditFilters({ names, known }: AuditFiltersProps) {
  const [texts, set] = useSearchTexts("action", "actor", "outcome", "from", "until", "after", "before");
  const { action, actor, outcome, from, until } = texts;
  const change = (changes: Partial<typeof texts>) => set({ ...changes, after: "", before: "" });
  const shown = outcomesOf(outcome);
  return (
    <search className="mb-4 block">
      <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-4">
        <FilterField
          label="Action"
          value={action}
          placeholder="createApiKey"
          known={[...new Set(known.map((entry) => entry.action))].toSorted()}
          change={(text) => change({ action: text })}
        />
        <ActorFilter names={names} actor={actor} change={(id) => change({ actor: id })} />
        <DayField label="From (day in UTC)" value={from} change={(day) => change({ from: day })} />
        <DayField label="Until (that day too)" value={until} change={(day) => change({ until: day })} />
      </div>
      <div role="group" aria-label="Outcome" className="mt-3 flex flex-wrap gap-2">
        {OUTCOMES.map((each) => (
          <Chip
            key={each}
            pressed={shown.includes(each)}
            title={each === "asked" ? "Written before an operation is begun" : undefined}
            onClick={() => change({ outcome: withOutcome(outcome, each) })}
          >
            {each}
          </Chip>
        ))}
      </div>
    </search>
  );
}

const LOOK = "min-h-8 w-full rounded-md border border-line bg-panel px-2.5";

interface ActorFilterProps {
  readonly names: ReadonlyMap<string, string>;
  readonly actor: string;
  readonly change: (id: string) => void;
}

function ActorFilter({ names, actor, change }: ActorFilterProps) {
  return (
    <label className="block min-w-0">
      <span className="mb-1 block text-[13px] text-muted">Actor</span>
      <select value={actor} onChange={(event) => change(event.target.value)} className={LOOK}>
        <option value="">anybody</option>
        {actor !== "" && !names.has(actor) && <option value={actor}>{actor}</option>}
        {[...names].map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

interface DayFieldProps {
  readonly label: string;
  readonly value: string;
  readonly change: (day: string) => void;
}

function DayField({ label, value, change }: DayFieldProps) {
  return (
    <label className="block min-w-0">
      <span className="mb-1 block text-[13px] text-muted">{label}</span>
      <input type="date" value={value} onChange={(event) => change(event.target.value)} className={LOOK} />
    </label>
  );
}
