import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-codes.ts";

export const DEMO_PROJECT = "examples";

/** The flow that the demo runs. @throws CliError where there are no examples: they are not part of the installed package */
export function exampleFlow(): string {
  const file = fileURLToPath(new URL("../../../../examples/flights/flights.flow.ts", import.meta.url));
  if (existsSync(file)) return file;
  const message = "The demo runs examples/flights of a checkout of Weir, which is not here. `weir dev` works anywhere.";
  throw new CliError(EXIT.usage, "NO_EXAMPLE", message);
}
