import type { BoundaryAction, BoundaryClasses } from "@weir/protocol/boundary-actions";
import { useSearchTexts } from "../ui/search-texts.ts";
import { type DecidedClass, readClasses } from "./policy-lines.ts";

type Chosen = { readonly [C in DecidedClass]?: BoundaryAction } & BoundaryClasses;

/** What the person chose for each class; it stands in the address. "" takes a choice back. */
export function useChosenPolicy(): [Chosen, (dataClass: DecidedClass, action: string) => void] {
  const [{ policy }, change] = useSearchTexts("policy");
  const chosen = readClasses(policy);
  const choose = (dataClass: DecidedClass, action: string) => {
    const { [dataClass]: _before, ...others } = chosen;
    const all = Object.entries(action === "" ? others : { ...others, [dataClass]: action });
    change({ policy: all.map(([name, each]) => `${name}:${each}`).join(",") });
  };
  return [chosen, choose];
}
