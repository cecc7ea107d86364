import { type ReactNode, useId } from "react";

interface FilterSelectProps {
  readonly label: string;
  readonly value: string;
  readonly change: (value: string) => void;
  /** `option` elements. */
  readonly children: ReactNode;
}

/** One of a few that narrows a list. */
export function FilterSelect({ label, value, change, children }: FilterSelectProps) {
  const id = useId();
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block text-[13px] text-muted">
        {label}
      </label>
      <select
        id={id}
        value={value}
        onChange={(event) => change(event.target.value)}
        className="min-h-8 w-full rounded-md border border-line bg-panel px-2"
      >
        {children}
      </select>
    </div>
  );
}
