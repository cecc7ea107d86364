import type { Json } from "@weir/protocol";
import type { Options } from "./run-options.tsx";

interface Prepared {
  readonly parameters?: Json;
  readonly boundary?: Options["boundary"];
}

/** `CreateFlowRunInput`, of what was typed. @throws Error a moment that is none */
export function runInput(
  target: { readonly flow: string; readonly project: string },
  options: Options,
  prepared: Prepared,
) {
  const { name, startTime, idempotencyKey } = options;
  const labels = [...new Set(options.labels.split(",").map((label) => label.trim()))].filter((label) => label !== "");
  const at = startTime === "" ? null : new Date(startTime);
  if (at !== null && Number.isNaN(at.getTime())) throw new Error(`${JSON.stringify(startTime)} is no moment.`);
  return {
    ...target,
    ...(name.trim() === "" ? {} : { name: name.trim() }),
    ...(labels.length === 0 ? {} : { labels }),
    ...(at === null ? {} : { scheduledStartTime: at.toISOString() }),
    ...(idempotencyKey.trim() === "" ? {} : { idempotencyKey: idempotencyKey.trim() }),
    ...(prepared.parameters === undefined ? {} : { parameters: prepared.parameters }),
    ...(prepared.boundary === undefined ? {} : { boundary: { ...prepared.boundary } as Json }),
  };
}
