import { useNavigate, useSearch } from "@tanstack/react-router";

type Texts<Name extends string> = Readonly<Record<Name, string>>;

/**
 * Texts that stand in the address, so that they can be sent to a colleague; "" where one does not stand there. A change takes the place of the
 * address before it: Back leaves the page.
 * @example
 * const [{ prefix }, change] = useSearchTexts("prefix");
 */
export function useSearchTexts<const Name extends string>(
  ...names: readonly Name[]
): [Texts<Name>, (changes: Partial<Texts<Name>>) => void] {
  const given: Readonly<Record<string, unknown>> = useSearch({ strict: false });
  const navigate = useNavigate();
  const texts = Object.fromEntries(names.map((name) => [name, textOf(given[name])])) as Texts<Name>;
  const change = (changes: Partial<Texts<Name>>) => {
    const wanted = Object.entries({ ...given, ...changes }).filter(([, value]) => value !== "");
    void navigate({ to: ".", search: Object.fromEntries(wanted) as never, replace: true });
  };
  return [texts, change];
}

/** The router reads `?prefix=12` as a number. */
function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}
