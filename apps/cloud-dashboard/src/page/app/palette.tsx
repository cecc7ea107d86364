import { useNavigate } from "@tanstack/react-router";
import { Command } from "cmdk";
import { type ReactNode, useDeferredValue, useState } from "react";
import { useCloud } from "../cloud/use-cloud.ts";
import { Palette as PaletteQuestion } from "../generated/operations.ts";
import { useMay } from "../session/viewer.ts";
import { Dialog } from "../ui/dialog.tsx";
import { StateBadge } from "../ui/state-badge.tsx";
import { MENU } from "./menu.ts";

/** Goes anywhere by a few letters: pages, runs by name or id, flows; starts a run. */
export default function Palette({ close }: { readonly close: () => void }) {
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const pages = MENU.filter(({ title }) => title.toLowerCase().includes(wanted));
  const navigate = useNavigate();
  const go: Go = (going) => void going.then(close);
  return (
    <Dialog title="Find something" open close={close} bare>
      {/* What is found is found by the cloud, or above. */}
      <Command label="Find something" shouldFilter={false} loop>
        <Command.Input
          // React takes the attribute for itself; the dialog looks for it.
          ref={(field) => field?.setAttribute("autofocus", "")}
          value={text}
          onValueChange={setText}
          placeholder="A page, a run by name or id, a flow …"
          className="w-full border-b border-line bg-transparent px-4 py-3 text-base outline-none"
        />
        <Command.List className="max-h-[60dvh] overflow-y-auto p-2">
          <Command.Empty className="px-2 py-6 text-center text-muted">Nothing is called so.</Command.Empty>
          {pages.length > 0 && (
            <Group heading="Pages">
              {pages.map(({ to, title, key, Icon }) => (
                <Item key={to} value={to} select={() => go(navigate({ to }))}>
                  <Icon size={16} aria-hidden className="shrink-0 text-muted" /> {title}
                  <kbd className="ml-auto font-mono text-[12px] text-muted">g {key}</kbd>
                </Item>
              ))}
            </Group>
          )}
          <Found text={useDeferredValue(text.trim())} go={go} />
        </Command.List>
      </Command>
    </Dialog>
  );
}

/** Takes somebody somewhere, and closes the palette. */
type Go = (going: Promise<void>) => void;

interface FoundProps {
  readonly text: string;
  readonly go: Go;
}

/** What the cloud finds by the text; without one, what is newest. */
function Found({ text, go }: FoundProps) {
  const { data } = useCloud(PaletteQuestion, { text, id: text }, { keep: true });
  const mayStart = useMay("run:start");
  const navigate = useNavigate();
  if (data === undefined) return null;
  const { flowRun, flowRuns, flows } = data;
  const runs = flowRun === null ? flowRuns.nodes : [flowRun];
  return (
    <>
      {runs.length > 0 && (
        <Group heading="Runs">
          {runs.map(({ id, name, state }) => (
            <Item key={id} value={id} select={() => go(navigate({ to: "/runs/$runId", params: { runId: id } }))}>
              <span className="min-w-0 truncate">{name}</span>
              <span className="ml-auto">
                <StateBadge state={state} />
              </span>
            </Item>
          ))}
        </Group>
      )}
      {flows.nodes.length > 0 && (
        <Group heading="Flows">
          {flows.nodes.map(({ id, name, project }) => (
            <Item key={id} value={id} select={() => go(navigate({ to: "/flows/$flowId", params: { flowId: id } }))}>
              <span className="min-w-0 truncate">{name}</span>
              <span className="ml-auto text-muted">{project.name}</span>
            </Item>
          ))}
        </Group>
      )}
      {mayStart && flows.nodes.length > 0 && (
        <Group heading="Start a run">
          {flows.nodes.map(({ id, name }) => (
            <Item
              key={id}
              value={`run ${id}`}
              select={() => go(navigate({ to: "/flows/$flowId/run", params: { flowId: id } }))}
            >
              <span className="min-w-0 truncate">Start {name} …</span>
            </Item>
          ))}
        </Group>
      )}
    </>
  );
}

function Group({ heading, children }: { readonly heading: string; readonly children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-[13px] [&_[cmdk-group-heading]]:text-muted"
    >
      {children}
    </Command.Group>
  );
}

interface ItemProps {
  readonly value: string;
  readonly select: () => void;
  readonly children: ReactNode;
}

function Item({ value, select, children }: ItemProps) {
  return (
    <Command.Item
      value={value}
      onSelect={select}
      className="flex cursor-pointer items-center gap-2.5 rounded-md px-2 py-1.5 data-[selected=true]:bg-raised"
    >
      {children}
    </Command.Item>
  );
}
