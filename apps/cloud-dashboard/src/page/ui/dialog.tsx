import { type ReactNode, useEffect, useRef } from "react";

interface DialogProps {
  readonly title: string;
  readonly open: boolean;
  readonly close: () => void;
  readonly children: ReactNode;
  /** The title is heard only, and what is inside makes its own room. */
  readonly bare?: boolean;
}

/** The browser's own dialog: it holds the focus, Escape closes it, and the page behind it is still. */
export function Dialog({ title, open, close, children, bare = false }: DialogProps) {
  const place = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open) place.current?.showModal();
    else place.current?.close();
  }, [open]);
  return (
    <dialog
      ref={place}
      onClose={close}
      aria-label={title}
      className="w-[min(36rem,92vw)] rounded-lg border border-line bg-panel p-0 backdrop:bg-black/50"
    >
      {open && (
        <div className={bare ? "" : "p-5"}>
          <h2 className={bare ? "sr-only" : "mb-3 text-lg font-semibold"}>{title}</h2>
          {children}
        </div>
      )}
    </dialog>
  );
}
