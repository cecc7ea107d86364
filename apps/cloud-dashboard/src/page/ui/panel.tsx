import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";

interface PanelProps {
  readonly title?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
  /** No room around what is in it: for tables. */
  readonly flush?: boolean;
}

/** A part of a page with a title of its own. */
export function Panel({ title, actions, children, className, flush = false }: PanelProps) {
  return (
    <section className={classNames("mb-4 overflow-hidden rounded-lg border border-line bg-panel", className)}>
      {(title !== undefined || actions !== undefined) && (
        <div className="flex flex-wrap items-center justify-between gap-2 border-b border-line px-4 py-2">
          <h2 className="font-semibold">{title}</h2>
          {actions}
        </div>
      )}
      <div className={flush ? "relative overflow-x-auto" : "p-4"}>{children}</div>
    </section>
  );
}
