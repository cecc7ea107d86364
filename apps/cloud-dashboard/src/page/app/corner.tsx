import { ChevronsUpDown } from "lucide-react";
import { useState } from "react";
import { useSession } from "../session/use-session.ts";
import { useViewer } from "../session/viewer.ts";
import { CornerMenu } from "./corner-menu.tsx";

const ID = "corner-menu";

/** Who is here, of which tenant; behind it, what the page remembers of the person, and the way out. */
export function Corner({ help }: { readonly help: () => void }) {
  const viewer = useViewer();
  const session = useSession();
  const [open, setOpen] = useState(false);
  return (
    <div className="mt-2 shrink-0 border-t border-line pt-2">
      <button
        type="button"
        popoverTarget={ID}
        className="flex w-full items-center gap-2 rounded-md px-2 py-1.5 text-left hover:bg-raised"
      >
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium">{viewer?.tenant.name ?? "…"}</span>
          <span className="block truncate text-[13px] text-muted">
            {session?.user.email ?? (viewer?.keyId ? "with a key" : "…")}
          </span>
        </span>
        <ChevronsUpDown size={15} aria-hidden className="shrink-0 text-muted" />
        <span className="sr-only">Person and settings of this page</span>
      </button>
      <div
        id={ID}
        popover="auto"
        onToggle={({ newState }) => setOpen(newState === "open")}
        className="fixed inset-auto bottom-16 left-2 m-0 w-64 rounded-lg border border-line bg-panel p-4 text-ink shadow-lg"
      >
        {open && <CornerMenu help={help} />}
      </div>
    </div>
  );
}
