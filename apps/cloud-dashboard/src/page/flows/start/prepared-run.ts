import type { Json } from "@weir/protocol";
import type { BoundaryClasses } from "@weir/protocol/boundary-actions";
import type { KeptTrust } from "../trust/kept-trust.ts";
import type { JsonObject } from "../form/form-schema.ts";
import type { ParameterAction } from "./parameter-action.ts";

interface Intended {
  /** What the person gave: defaults are not among it. */
  readonly given: JsonObject;
  readonly action: ParameterAction;
  /** What the person asks of the gate for this run. */
  readonly boundary: BoundaryClasses;
  readonly trust: KeptTrust | null;
}

interface Prepared {
  /** Absent: none are sent. */
  readonly parameters?: Json;
  readonly boundary?: BoundaryClasses;
}

/**
 * What is sent of a run's parameters, as the command line's gate would do it. What is asked of them, by whomever, is asked of this run's gate too.
 * @throws Error there is nobody to seal for, or what is dropped was given
 */
export async function preparedRun({ given, action, boundary, trust }: Intended): Promise<Prepared> {
  const isGiven = Object.keys(given).length > 0;
  if (action === "send")
    return { ...(isGiven ? { parameters: given } : {}), ...(Object.keys(boundary).length > 0 ? { boundary } : {}) };
  const asked: BoundaryClasses = { ...boundary, parameter: action };
  if (action === "drop") {
    if (isGiven)
      throw new Error(
        "Parameters of this run are not to be told (parameter: drop), so it cannot be given any: what it would do is not what was asked for. Nothing was sent. Leave them out, or have them sealed.",
      );
    return { boundary: asked };
  }
  if (trust === null)
    throw new Error(
      "The parameters are to be sealed, and this browser knows no keys to seal for. Nothing was sent. Import a trust file first.",
    );
  const { sealParameters } = await import("@weir/protocol/seal");
  return { parameters: (await sealParameters(given, trust.trust)) as unknown as Json, boundary: asked };
}
