import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { SelectField, TextField } from "../../ui/field.tsx";
import { useCloud } from "../../cloud/use-cloud.ts";
import { FlowProjects } from "../../generated/operations.ts";
import { present } from "../search-text.ts";

const route = getRouteApi("/flows");
/** A pause in typing, after which the list is asked for. */
const PAUSE_MS = 250;

/** What narrows the list: its words stand in the address. */
export function FlowsFilter() {
  const { project } = route.useSearch();
  const navigate = route.useNavigate();
  const projects = useCloud(FlowProjects, {}).data?.projects.nodes ?? [];
  const names = new Set([...projects.map(({ name }) => name), ...(project === undefined ? [] : [project])]);
  return (
    <form role="search" aria-label="Flows" className="grid gap-x-3 sm:grid-cols-[minmax(0,20rem)_14rem]">
      <NameFilter />
      <SelectField
        label="Project"
        value={project ?? ""}
        onChange={({ target }) =>
          void navigate({ search: ({ name }) => present({ name, project: target.value || undefined }) })
        }
      >
        <option value="">All projects</option>
        {[...names].toSorted().map((name) => (
          <option key={name}>{name}</option>
        ))}
      </SelectField>
    </form>
  );
}

function NameFilter() {
  const { name } = route.useSearch();
  const navigate = route.useNavigate();
  const [typed, setTyped] = useState(name ?? "");
  useEffect(() => setTyped(name ?? ""), [name]);
  useEffect(() => {
    if (typed === (name ?? "")) return;
    const timer = setTimeout(() => {
      void navigate({ replace: true, search: ({ project }) => present({ project, name: typed || undefined }) });
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, name, navigate]);
  return (
    <TextField
      label="Name"
      type="search"
      placeholder="Part of a name"
      value={typed}
      onChange={({ target }) => setTyped(target.value)}
    />
  );
}
