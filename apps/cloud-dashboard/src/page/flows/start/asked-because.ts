import type { ParameterRequests } from "./parameter-action.ts";

/** Who asks that parameters are not sent as they are, for people; "" where nobody does. */
export function askedBecause({ flow, run, alwaysSeals, beganSealed }: ParameterRequests): string {
  const isAsked = (action: string | undefined) => action !== undefined && action !== "send";
  const reasons = [
    isAsked(flow?.parameter) && "the flow asks for it",
    isAsked(run.parameter) && "you ask for it below",
    beganSealed && "those of the earlier run were sealed",
    alwaysSeals && "you want it for all that you type in this browser",
  ];
  return reasons.filter((reason) => typeof reason === "string").join(", and ");
}
