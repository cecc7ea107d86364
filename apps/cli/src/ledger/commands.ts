import type { Command } from "commander";
import type { Lazily } from "../command.ts";

/** Commands about the record of what left. */
export function addLedger(_program: Command, _lazily: Lazily): void {}
