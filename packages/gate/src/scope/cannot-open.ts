import { OpenError } from "../run-scope.ts";

/**
 * Why something cannot be opened here, and what to do.
 * @param what "The parameters of this run are"
 */
export function cannotOpen(what: string, error: unknown): OpenError {
  const { code, message } = error as { code?: unknown; message?: unknown };
  switch (code) {
    case "NO_KEY":
      return new OpenError(
        `${what} sealed, and this agent has no key that opens this. ${String(message)} Give the agent the private key of one of those (WEIR_AGENT_SEAL_KEY_FILE; after a rotation the file holds the older ones behind the newest), then restart the run.`,
      );
    case "UNKNOWN_RUN_KEY":
      return new OpenError(`${what} sealed. ${String(message)} Restart the run from its beginning.`);
    default:
      return new OpenError(`${what} sealed and cannot be opened. ${String(message)} Start the run again.`);
  }
}
