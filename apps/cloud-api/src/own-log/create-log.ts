import { type DestinationStream, type Logger, pino } from "pino";
import { loggedError } from "./told-error.ts";

/**
 * The log of the cloud's own doings. Errors are told as `loggedError` does, whoever logs them; an error that is logged without a sentence gets
 * one, since pino would take its message.
 */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const options = {
    name: "weir-cloud",
    level,
    serializers: { err: loggedError },
    hooks: {
      logMethod(args: Parameters<Logger["info"]>, method: (...args: unknown[]) => void) {
        const [first, ...rest] = args as unknown[];
        const object = first instanceof Error ? { err: first } : first;
        const silent = rest.length === 0 && typeof object === "object";
        method.apply(this, silent ? [object, "something happened that has no sentence"] : [object, ...rest]);
      },
    },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
