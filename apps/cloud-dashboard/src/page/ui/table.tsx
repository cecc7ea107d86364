import type { ReactNode } from "react";

interface TableProps {
  /** For those who hear the page. */
  readonly caption: string;
  readonly head: readonly ReactNode[];
  readonly children: ReactNode;
}

/** A table of few rows. Many are virtualised where they stand. */
export function Table({ caption, head, children }: TableProps) {
  return (
    <table className="w-full border-collapse text-left">
      <caption className="sr-only">{caption}</caption>
      <thead>
        <tr className="border-b border-line text-muted">
          {head.map((title, index) => (
            // The columns of a table never change their order.
            <th key={index} scope="col" className="px-4 py-2 font-medium whitespace-nowrap">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="[&>tr]:border-b [&>tr]:border-line [&>tr:hover]:bg-raised [&>tr:last-child]:border-0">
        {children}
      </tbody>
    </table>
  );
}

/** A cell. */
export function Cell({ children, className = "" }: { readonly children: ReactNode; readonly className?: string }) {
  return <td className={`px-4 py-2 align-middle ${className}`}>{children}</td>;
}
