import type { Command } from "commander";
import type { Lazily } from "../command.ts";

/** Commands about keys for signing. */
export function addSign(_program: Command, _lazily: Lazily): void {}
