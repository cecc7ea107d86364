import { useState } from "react";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { forgetQueries } from "./kept-queries.ts";
import type { Console } from "./use-console.ts";

/** Operations that were sent from this browser, to send again. */
export function SentBefore({ state: { sent, setSent, setText } }: { readonly state: Console }) {
  const [open, setOpen] = useState(false);
  const take = (query: string) => {
    setText(`${query}\n`);
    setOpen(false);
  };
  const forget = () => {
    forgetQueries();
    setSent([]);
    setOpen(false);
  };
  return (
    <>
      <Button onClick={() => setOpen(true)} disabled={sent.length === 0}>
        History
      </Button>
      <Dialog title="Sent before" open={open} close={() => setOpen(false)}>
        <p className="mb-3 text-muted">Kept in this browser: operations alone, neither variables nor answers.</p>
        <ul className="max-h-96 space-y-1 overflow-y-auto">
          {sent.map((query) => (
            <li key={query}>
              <button
                type="button"
                onClick={() => take(query)}
                className="w-full rounded-md border border-line px-3 py-1.5 text-left font-mono text-[13px] whitespace-pre-wrap wrap-anywhere hover:bg-raised"
              >
                {query.length > 300 ? `${query.slice(0, 300)} …` : query}
              </button>
            </li>
          ))}
        </ul>
        <div className="mt-4 flex justify-end gap-2">
          <Button kind="danger" onClick={forget}>
            Forget all
          </Button>
          <Button onClick={() => setOpen(false)}>Close</Button>
        </div>
      </Dialog>
    </>
  );
}
