import { X } from "lucide-react";
import type { ReactNode } from "react";

interface NoteProps {
  readonly children: ReactNode;
  readonly close: () => void;
}

/** What was done, told where it was done, until somebody closes it. */
export function Note({ children, close }: NoteProps) {
  return (
    <div role="status" className="mb-4 flex items-start gap-3 rounded-lg border border-line bg-raised px-4 py-2">
      <div className="min-w-0 flex-1 break-words">{children}</div>
      <button type="button" aria-label="Close" onClick={close} className="p-1 text-muted hover:text-ink">
        <X size={15} aria-hidden />
      </button>
    </div>
  );
}
