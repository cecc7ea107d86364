import { type BoundaryRequest, CLASS_ACTIONS } from "@weir/protocol";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-codes.ts";

/** Classes that somebody can ask something for; metadata always crosses, and digests always as an HMAC. */
const ASKABLE = Object.entries(CLASS_ACTIONS).filter(([name]) => name !== "metadata" && name !== "digest");

/**
 * What `--boundary CLASS=ACTION` asks of the gate for one run, beyond policy file and flow.
 * @throws CliError with exit code 2 that lists what can be asked
 * @example requestedBoundary(["log=drop"]) // { log: "drop" }
 */
export function requestedBoundary(given: readonly string[]): BoundaryRequest | undefined {
  if (given.length === 0) return undefined;
  const asked: Record<string, string> = {};
  for (const text of given) {
    const [dataClass = "", action = "", ...rest] = text.split("=");
    const actions: readonly string[] | undefined = ASKABLE.find(([name]) => name === dataClass)?.[1];
    if (rest.length > 0 || actions === undefined) throw unusable(text, ASKABLE.map(([name]) => name).join(", "));
    if (!actions.includes(action)) throw unusable(text, actions.map((one) => `${dataClass}=${one}`).join(", "));
    if (asked[dataClass] !== undefined && asked[dataClass] !== action)
      throw unusable(text, `one action for ${dataClass}; ${asked[dataClass]} was asked before`);
    asked[dataClass] = action;
  }
  return asked;
}

function unusable(text: string, choices: string): CliError {
  const message = `--boundary ${JSON.stringify(text)} asks for nothing that there is. Write --boundary CLASS=ACTION, for example --boundary log=drop; it takes ${choices}.`;
  return new CliError(EXIT.usage, "BOUNDARY_INVALID", message);
}
