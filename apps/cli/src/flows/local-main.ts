import { pathToFileURL } from "node:url";
import type { LocalAnswer, LocalOrder } from "./local-messages.ts";

// The process of `weir run --local`: loads the user's file, runs one flow of it in memory by the user's own SDK, tells how it ended.

type LocalFlow = ((parameters: unknown) => unknown) & {
  readonly flowName: string;
  run(parameters: unknown): Promise<Omit<Extract<LocalAnswer, { kind: "ran" }>, "kind">>;
};

function isFlow(value: unknown): value is LocalFlow {
  return typeof value === "function" && "flowName" in value && "run" in value;
}

async function loaded(file: string): Promise<LocalFlow[] | { problem: string }> {
  try {
    const exported = (await import(pathToFileURL(file).href)) as object;
    const flows = [...new Set(Object.values(exported).filter(isFlow))];
    if (flows.length > 0) return flows;
    return {
      problem: `${file} exports no flow. Export what flow("name", …) of @weir/sdk gives back, for example as default.`,
    };
  } catch (error) {
    return { problem: `${file} could not be loaded: ${error instanceof Error ? error.message : String(error)}` };
  }
}

async function answer(order: LocalOrder): Promise<LocalAnswer> {
  const flows = await loaded(order.file);
  if ("problem" in flows) return { kind: "not-loaded", problem: flows.problem };
  const wanted = order.flow === null ? flows : flows.filter(({ flowName }) => flowName === order.flow);
  const [flow] = wanted;
  if (flow === undefined || wanted.length > 1)
    return { kind: "ambiguous", flows: flows.map(({ flowName }) => flowName) };
  return { kind: "ran", ...(await flow.run(order.parameters)) };
}

/** A value that no message can carry (a function, a socket) is told as text. */
function tell(told: LocalAnswer): void {
  try {
    process.send?.(told, undefined, {}, () => process.exit(0));
  } catch {
    if (told.kind === "ran") tell({ ...told, value: String(told.value) });
  }
}

process.once("message", (order: LocalOrder) => {
  void answer(order).then(tell);
});
// Whoever started this is gone: nobody wants the answer.
process.once("disconnect", () => process.exit(1));
