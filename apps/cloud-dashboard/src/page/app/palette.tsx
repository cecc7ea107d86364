import { Command } from "cmdk";
import { useState } from "react";
import { autofocus } from "../ui/autofocus.ts";
import { Dialog } from "../ui/dialog.tsx";
import { type PaletteGroup, usePaletteGroups } from "./palette-groups.tsx";

/** Goes anywhere by a few letters: pages, runs by name or id, flows; starts a run. */
export default function Palette({ close }: { readonly close: () => void }) {
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState("");
  const groups = usePaletteGroups(text.trim());
  const values = groups.flatMap(({ items }) => items.map(({ value }) => value));
  return (
    <Dialog title="Find something" open close={close} bare>
      {/* What is found is found by the cloud. The first of it is chosen, whenever it comes. */}
      <Command
        label="Find something"
        shouldFilter={false}
        loop
        value={values.includes(chosen) ? chosen : (values[0] ?? "")}
        onValueChange={setChosen}
      >
        <Command.Input
          ref={autofocus}
          value={text}
          onValueChange={setText}
          placeholder="A page, a run by name or id, a flow …"
          className="w-full border-b border-line bg-transparent px-4 py-3 text-base outline-none"
        />
        <Command.List className="max-h-[60dvh] overflow-y-auto p-2">
          <Command.Empty className="px-2 py-6 text-center text-muted">Nothing is called so.</Command.Empty>
          {groups.map((group) => (
            <Group key={group.heading} group={group} close={close} />
          ))}
        </Command.List>
      </Command>
    </Dialog>
  );
}

function Group({ group: { heading, items }, close }: { readonly group: PaletteGroup; readonly close: () => void }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-[13px] [&_[cmdk-group-heading]]:text-muted"
    >
      {items.map(({ value, label, go }) => (
        <Command.Item
          key={value}
          value={value}
          onSelect={() => void go().then(close)}
          className="flex cursor-pointer items-center gap-2.5 rounded-md px-2 py-1.5 data-[selected=true]:bg-raised"
        >
          {label}
        </Command.Item>
      ))}
    </Command.Group>
  );
}
