/** Variables that change how a program, its loader or its tools work, or that are Weir's own. No flow gets them. */
const REFUSED = /^(?:(?:WEIR|LD|DYLD|GIT)_.*|NODE_(?:OPTIONS|PATH|COMPILE_CACHE|REPL_EXTERNAL_MODULE)|BASH_ENV)$/;

/** A variable that no flow gets. The message names it and never holds its value. */
export class FlowEnvironmentError extends Error {
  override readonly name = "FlowEnvironmentError";
}

/**
 * The variables that flows are handed, when each may be.
 * @throws FlowEnvironmentError naming those that may not: `WEIR_*`, `LD_*`, `DYLD_*`, `GIT_*`, `NODE_OPTIONS` and their like
 * @example flowEnvironment({ REGION: "eu" }); // the same
 */
export function flowEnvironment(given: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const refused = Object.keys(given).filter((name) => REFUSED.test(name));
  if (refused.length === 0) return given;
  throw new FlowEnvironmentError(
    `Flows are not given ${refused.join(", ")}: such variables are Weir's own, or they change how programs are loaded. Take them out, or give flows the value under another name.`,
  );
}
