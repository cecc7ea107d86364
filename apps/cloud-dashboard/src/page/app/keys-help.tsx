import { Dialog } from "../ui/dialog.tsx";
import { MENU } from "./menu.ts";

const KEYS = [
  { keys: ["⌘ K", "Ctrl K"], does: "find a page, a run, a flow; start a run" },
  { keys: ["j", "k"], does: "next and previous in a list" },
  { keys: ["Enter"], does: "open what is reached" },
  { keys: ["x"], does: "choose it, or no longer; with Shift and a click, all up to it" },
  { keys: ["/"], does: "type into the first filter" },
  { keys: ["?"], does: "this" },
] as const;

/** What the keys do. */
export default function KeysHelp({ close }: { readonly close: () => void }) {
  return (
    <Dialog title="Keys" open close={close}>
      <dl className="grid grid-cols-[auto_1fr] items-baseline gap-x-4 gap-y-1.5">
        {KEYS.map(({ keys, does }) => (
          <Row key={does} keys={keys} does={does} />
        ))}
        {MENU.map(({ key, title }) => (
          <Row key={key} keys={[`g ${key}`]} does={title} />
        ))}
      </dl>
    </Dialog>
  );
}

function Row({ keys, does }: { readonly keys: readonly string[]; readonly does: string }) {
  return (
    <>
      <dt className="flex justify-end gap-1 whitespace-nowrap">
        {keys.map((key) => (
          <kbd key={key} className="rounded border border-line bg-raised px-1.5 font-mono text-[13px]">
            {key}
          </kbd>
        ))}
      </dt>
      <dd>{does}</dd>
    </>
  );
}
