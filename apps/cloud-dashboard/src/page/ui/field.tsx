import { type ComponentProps, type ReactNode, useId } from "react";
import { classNames } from "./class-names.ts";

const LOOK = "min-h-8 w-full rounded-md border border-line bg-ground px-2.5 py-1 disabled:opacity-60";

interface LabelledProps {
  readonly label: string;
  /** Below it: what may stand there. */
  readonly hint?: ReactNode;
}

/** A text that a person types, with its label. */
export function TextField({ label, hint, className, ...rest }: LabelledProps & ComponentProps<"input">) {
  const id = useId();
  return (
    <div className="mb-3">
      <label htmlFor={id} className="mb-1 block font-medium">
        {label}
      </label>
      <input id={id} className={classNames(LOOK, className)} autoComplete="off" {...rest} />
      {hint !== undefined && <p className="mt-1 text-muted">{hint}</p>}
    </div>
  );
}

/** One of a few. */
export function SelectField({ label, hint, children, className, ...rest }: LabelledProps & ComponentProps<"select">) {
  const id = useId();
  return (
    <div className="mb-3">
      <label htmlFor={id} className="mb-1 block font-medium">
        {label}
      </label>
      <select id={id} className={classNames(LOOK, className)} {...rest}>
        {children}
      </select>
      {hint !== undefined && <p className="mt-1 text-muted">{hint}</p>}
    </div>
  );
}

/** A text of several lines. */
export function AreaField({ label, hint, className, ...rest }: LabelledProps & ComponentProps<"textarea">) {
  const id = useId();
  return (
    <div className="mb-3">
      <label htmlFor={id} className="mb-1 block font-medium">
        {label}
      </label>
      <textarea id={id} spellCheck={false} className={classNames(LOOK, "font-mono text-[13px]", className)} {...rest} />
      {hint !== undefined && <p className="mt-1 text-muted">{hint}</p>}
    </div>
  );
}
