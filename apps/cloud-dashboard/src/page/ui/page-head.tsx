import { type ReactNode, useEffect } from "react";

interface PageHeadProps {
  readonly title: string;
  /** Shown in the place of the title, where it is more than a text. */
  readonly children?: ReactNode;
  /** One sentence below the title. */
  readonly about?: ReactNode;
  /** Buttons at its end. */
  readonly actions?: ReactNode;
}

/** The head of every page: its one `h1`, what the tab is called, and what can be done. */
export function PageHead({ title, children, about, actions }: PageHeadProps) {
  useEffect(() => {
    document.title = `${title} · Weir`;
  }, [title]);
  return (
    <header className="mb-4 flex flex-wrap items-start justify-between gap-3">
      <div className="min-w-0">
        <h1 className="text-xl font-semibold break-words">{children ?? title}</h1>
        {about !== undefined && <p className="mt-1 text-muted">{about}</p>}
      </div>
      {actions !== undefined && <div className="flex flex-wrap gap-2">{actions}</div>}
    </header>
  );
}
