import picocolors from "picocolors";

/** Colours, or none of them. */
export type Paint = ReturnType<typeof picocolors.createColors>;

/** https://no-color.org: any value but the empty one forbids colour. FORCE_COLOR asks for it where there is no terminal. */
export function makePaint(env: Readonly<Record<string, string | undefined>>, isTerminal: boolean): Paint {
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== "" && env.FORCE_COLOR !== "0";
  return picocolors.createColors(!env.NO_COLOR && (forced || (isTerminal && env.TERM !== "dumb")));
}
