import type { ReactNode } from "react";
import { CopyText } from "./copy-text.tsx";

interface EmptyProps {
  readonly title: string;
  readonly children?: ReactNode;
  /** The exact command to type next. */
  readonly command?: string;
}

/** Where there is nothing yet: what would be here, and how to get it. */
export function Empty({ title, children, command }: EmptyProps) {
  return (
    <div className="px-4 py-8 text-center">
      <p className="font-medium">{title}</p>
      {children !== undefined && <div className="mx-auto mt-1 max-w-prose text-muted">{children}</div>}
      {command !== undefined && (
        <div className="mx-auto mt-3 max-w-full text-left sm:w-fit">
          <CopyText text={command} />
        </div>
      )}
    </div>
  );
}
