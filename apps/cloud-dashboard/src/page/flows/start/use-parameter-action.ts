import type { BoundaryClasses } from "@weir/protocol/boundary-actions";
import { useKeptTrust } from "../trust/use-kept-trust.ts";
import type { KeptTrust } from "../trust/kept-trust.ts";
import { askedBecause } from "./asked-because.ts";
import { type ParameterAction, parameterAction } from "./parameter-action.ts";

interface Decided {
  /** Undefined: what this browser keeps is not known yet, or cannot be used; nothing may be sent. */
  readonly trust: KeptTrust | null | undefined;
  readonly action: ParameterAction;
  readonly because: string;
}

/** What is done to parameters before they are sent, and who asks for it. */
export function useParameterAction(flow: BoundaryClasses, run: BoundaryClasses, beganSealed: boolean): Decided {
  const { trust } = useKeptTrust();
  const requests = { flow, run, alwaysSeals: trust?.alwaysSeals ?? false, beganSealed };
  return { trust, action: parameterAction(requests), because: askedBecause(requests) };
}
