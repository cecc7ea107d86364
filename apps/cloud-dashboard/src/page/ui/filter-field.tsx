import { useEffect, useId, useState } from "react";

interface FilterFieldProps {
  readonly label: string;
  readonly value: string;
  /** Called when the person pauses, or leaves the field. */
  readonly change: (value: string) => void;
  /** Values that there are; others may be typed. */
  readonly known?: readonly string[] | undefined;
  readonly placeholder?: string;
}

const PAUSE_MS = 350;

/** A text that narrows a list. It does so while one types, but not with every key. */
export function FilterField({ label, value, change, known, placeholder }: FilterFieldProps) {
  const id = useId();
  // Null: nobody types; the address decides.
  const [typed, setTyped] = useState<string | null>(null);
  const commit = () => {
    if (typed === null) return;
    if (typed.trim() !== value) change(typed.trim());
    setTyped(null);
  };
  useEffect(() => {
    if (typed === null || typed.trim() === value) return;
    const timer = setTimeout(() => change(typed.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  });
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block text-[13px] text-muted">
        {label}
      </label>
      <input
        id={id}
        type="search"
        autoComplete="off"
        spellCheck={false}
        value={typed ?? value}
        placeholder={placeholder}
        {...(known === undefined ? {} : { list: `${id}-known` })}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={commit}
        className="min-h-8 w-full rounded-md border border-line bg-panel px-2.5"
      />
      {known !== undefined && (
        <datalist id={`${id}-known`}>
          {known.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      )}
    </div>
  );
}
