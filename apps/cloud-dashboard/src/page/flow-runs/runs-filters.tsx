import type { StateName } from "@weir/protocol/state";
import { useCloud } from "../cloud/use-cloud.ts";
import { RunsNames } from "../generated/operations.ts";
import { Chip } from "../ui/chip.tsx";
import { FilterField } from "../ui/filter-field.tsx";
import { FilterSelect } from "../ui/filter-select.tsx";
import { StateDot } from "../ui/state-badge.tsx";
import type { RunsSearch } from "./runs-search.ts";
import { RunsTimes } from "./runs-times.tsx";

/** States that people mean together. */
const GROUPS = [
  { name: "Scheduled", states: ["Scheduled", "Resume", "Retrying", "Submitted"] },
  { name: "Paused", states: ["Paused"] },
  { name: "Running", states: ["Running", "Cancelling"] },
  { name: "Success", states: ["Success"] },
  { name: "Failed", states: ["Failed", "TimedOut", "ValidationFailed"] },
  { name: "Crashed", states: ["Crashed"] },
  { name: "Cancelled", states: ["Cancelled"] },
] as const satisfies readonly { name: StateName; states: readonly StateName[] }[];

/** How filters are shown and changed. */
export interface RunsFiltersProps {
  readonly search: RunsSearch;
  /** What is undefined in it is taken out. */
  readonly change: (part: { [K in keyof RunsSearch]?: RunsSearch[K] | undefined }) => void;
}

/** What narrows the list. */
export function RunsFilters({ search, change }: RunsFiltersProps) {
  const { agent, flow, project, label, schedule } = search;
  const fields = [agent, flow, project, label, schedule, search.parameters, search.since, search.from, search.to];
  const used = fields.filter((value) => value !== undefined).length;
  return (
    <section aria-label="Filters" className="mb-4">
      <div className="mb-3 flex flex-wrap items-end gap-3">
        <div className="w-full sm:w-64">
          <FilterField
            label="Name contains"
            value={search.name ?? ""}
            change={(name) => change({ name: name || undefined })}
          />
        </div>
        <StateChips search={search} change={change} />
      </div>
      <details open={used > 0 ? true : undefined}>
        <summary className="w-fit rounded-md py-0.5 text-muted hover:text-ink">
          More filters{used > 0 && ` (${used})`}
        </summary>
        <Fields search={search} change={change} />
      </details>
    </section>
  );
}

function StateChips({ search, change }: RunsFiltersProps) {
  const on = new Set<StateName>(search.state);
  const toggle = (states: readonly StateName[], pressed: boolean) => {
    const next = pressed ? [...on].filter((state) => !states.includes(state)) : [...on, ...states];
    change({ state: next.length === 0 ? undefined : [...new Set(next)] });
  };
  return (
    <div role="group" aria-label="States" className="flex flex-wrap gap-1.5 pb-0.5">
      {GROUPS.map(({ name, states }) => {
        const pressed = states.some((state) => on.has(state));
        return (
          <Chip key={name} pressed={pressed} onClick={() => toggle(states, pressed)}>
            <StateDot state={name} /> {name}
          </Chip>
        );
      })}
      <Chip pressed={search.late === true} onClick={() => change({ late: search.late === true ? undefined : true })}>
        Late
      </Chip>
    </div>
  );
}

function Fields({ search, change }: RunsFiltersProps) {
  const { data } = useCloud(RunsNames, {});
  const labels = (text: string) => {
    const list = text.split(",").flatMap((one) => one.trim() || []);
    change({ label: list.length === 0 ? undefined : list });
  };
  const text = (name: "flow" | "project" | "agent" | "schedule") => ({
    value: search[name] ?? "",
    change: (value: string) => change({ [name]: value || undefined }),
  });
  return (
    <div className="mt-2 grid grid-cols-1 gap-3 min-[420px]:grid-cols-2 lg:grid-cols-4">
      <FilterField label="Flow" known={namesOf(data?.flows.nodes)} {...text("flow")} />
      <FilterField label="Project" known={namesOf(data?.projects.nodes)} {...text("project")} />
      <FilterField label="Agent" known={namesOf(data?.agents.nodes)} {...text("agent")} />
      <FilterField label="Schedule" {...text("schedule")} />
      <FilterField
        label="Labels, all of them"
        placeholder="gpu, eu"
        value={search.label?.join(", ") ?? ""}
        change={labels}
      />
      <Parameters search={search} change={change} />
      <RunsTimes search={search} change={change} />
    </div>
  );
}

function Parameters({ search, change }: RunsFiltersProps) {
  const set = (value: string) => change({ parameters: value === "" ? undefined : value === "true" });
  return (
    <FilterSelect label="Parameters" value={String(search.parameters ?? "")} change={set}>
      <option value="">with and without</option>
      <option value="true">started with some</option>
      <option value="false">started without</option>
    </FilterSelect>
  );
}

const namesOf = (nodes: readonly { readonly name: string }[] | undefined) => [
  ...new Set(nodes?.map(({ name }) => name)),
];
