import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useCloud } from "../cloud/use-cloud.ts";
import { Palette } from "../generated/operations.ts";
import { useMay } from "../session/viewer.ts";
import { StateBadge } from "../ui/state-badge.tsx";
import { MENU } from "./menu.ts";

/** What one can go to. */
export interface PaletteItem {
  /** Unlike that of any other. */
  readonly value: string;
  readonly label: ReactNode;
  readonly go: () => Promise<void>;
}

/** Some of a kind. */
export interface PaletteGroup {
  readonly heading: string;
  readonly items: readonly PaletteItem[];
}

/** What is found by a text: pages by their titles, at once; runs and flows by their names, when the cloud has said them. */
export function usePaletteGroups(text: string): readonly PaletteGroup[] {
  const pages = { heading: "Pages", items: usePages(text) };
  return [pages, ...useFound(text)].filter(({ items }) => items.length > 0);
}

function usePages(text: string): PaletteItem[] {
  const navigate = useNavigate();
  const wanted = text.toLowerCase();
  return MENU.filter(({ title }) => title.toLowerCase().includes(wanted)).map(({ to, title, key, Icon }) => ({
    value: to,
    go: () => navigate({ to }),
    label: (
      <>
        <Icon size={16} aria-hidden className="shrink-0 text-muted" /> {title}
        <kbd className="ml-auto font-mono text-[12px] text-muted">g {key}</kbd>
      </>
    ),
  }));
}

function useFound(text: string): PaletteGroup[] {
  const { data } = useCloud(Palette, { text, id: text }, { keep: true });
  const mayStart = useMay("run:start");
  const navigate = useNavigate();
  if (data === undefined) return [];
  const runs = data.flowRun === null ? data.flowRuns.nodes : [data.flowRun];
  const flows = data.flows.nodes;
  return [
    {
      heading: "Runs",
      items: runs.map(({ id, name, state }) => ({
        value: id,
        label: <Named name={name} aside={<StateBadge state={state} />} />,
        go: () => navigate({ to: "/runs/$runId", params: { runId: id } }),
      })),
    },
    {
      heading: "Flows",
      items: flows.map(({ id, name, project }) => ({
        value: id,
        label: <Named name={name} aside={project.name} />,
        go: () => navigate({ to: "/flows/$flowId", params: { flowId: id } }),
      })),
    },
    {
      heading: "Start a run",
      items: (mayStart ? flows : []).map(({ id, name, project }) => ({
        value: `run ${id}`,
        label: <Named name={`Start ${name} …`} aside={project.name} />,
        go: () => navigate({ to: "/flows/$flowId/run", params: { flowId: id } }),
      })),
    },
  ];
}

function Named({ name, aside }: { readonly name: string; readonly aside: ReactNode }) {
  return (
    <>
      <span className="min-w-0 truncate">{name}</span>
      <span className="ml-auto shrink-0 text-muted">{aside}</span>
    </>
  );
}
