import type { ComponentProps } from "react";
import { classNames } from "./class-names.ts";

interface ChipProps extends ComponentProps<"button"> {
  readonly pressed: boolean;
}

/** One of several that can be on and off. */
export function Chip({ pressed, className, ...rest }: ChipProps) {
  const look = pressed
    ? "border-accent bg-raised font-semibold text-ink"
    : "border-line bg-panel text-muted hover:bg-raised";
  return (
    <button
      type="button"
      aria-pressed={pressed}
      className={classNames(
        "inline-flex min-h-7 items-center gap-1.5 rounded-full border px-2.5 text-[13px] whitespace-nowrap",
        look,
        className,
      )}
      {...rest}
    />
  );
}
