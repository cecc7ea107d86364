import { shownName } from "../names.ts";
import { isRendered, renderRunName, type AnyRunName } from "../task/run-name.ts";
import { type CallInputs, resolveInputs } from "./call-inputs.ts";

/** A name that is made of the inputs, or what making it threw. No name: it has none, or it was known from the call. */
export function renderedName(
  name: AnyRunName | undefined,
  inputs: CallInputs,
  facts: { readonly parameters: Readonly<Record<string, unknown>>; readonly mapIndex: number | undefined },
): { readonly name?: string } | { readonly error: unknown } {
  if (name === undefined || !isRendered(name)) return {};
  try {
    const shown = shownName(renderRunName(name, { inputs: resolveInputs(inputs), ...facts }));
    return shown === undefined ? {} : { name: shown };
  } catch (error) {
    return { error };
  }
}
