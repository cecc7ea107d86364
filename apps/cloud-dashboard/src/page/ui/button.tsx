import type { ComponentProps } from "react";
import { classNames } from "./class-names.ts";

const KINDS = {
  main: "border-transparent bg-accent text-on-accent hover:opacity-90",
  plain: "border-line bg-panel hover:bg-raised",
  quiet: "border-transparent hover:bg-raised",
  danger: "border-bad text-bad bg-panel hover:bg-raised",
} as const;

export interface ButtonProps extends ComponentProps<"button"> {
  readonly kind?: keyof typeof KINDS;
  /** Something is under way: it can be pressed no second time. */
  readonly busy?: boolean;
}

/** A button. */
export function Button({ kind = "plain", busy = false, className, disabled, type = "button", ...rest }: ButtonProps) {
  const look =
    "inline-flex min-h-8 items-center gap-1.5 rounded-md border px-3 py-1 font-medium whitespace-nowrap disabled:cursor-not-allowed disabled:opacity-50";
  return (
    <button
      type={type}
      disabled={disabled === true || busy}
      aria-busy={busy}
      className={classNames(look, KINDS[kind], className)}
      {...rest}
    />
  );
}
