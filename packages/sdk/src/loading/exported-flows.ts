import { type FlowDefinition, flowDefinition, isForeignFlow } from "../flow/definition.ts";

/** Flows that a loaded file exports, under whatever names, each once. */
export function exportedFlows(exported: object): FlowDefinition[] {
  const definitions = Object.values(exported).map((value: unknown) => flowDefinition(value));
  return [...new Set(definitions.filter((definition) => definition !== undefined))];
}

/** Says what keeps a loaded file's flows from being used, or null. */
export function exportProblem(file: string, exported: object): string | null {
  if (Object.values(exported).some((value: unknown) => isForeignFlow(value))) {
    return `The file ${file} uses another copy of @weir/sdk than the one that runs it. Install @weir/sdk once, where the flow's own package.json is.`;
  }
  const names = exportedFlows(exported).map(({ name }) => name);
  if (names.length === 0)
    return `The file ${file} exports no flow. Export what flow(…) gives back, for example as default.`;
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return null;
  return `The file ${file} exports two flows named ${JSON.stringify(twice)}. Give one of them another name.`;
}
