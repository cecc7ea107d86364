import type { Command } from "commander";
import type { Lazily } from "../command.ts";

/** Commands about keys for sealing. */
export function addSeal(_program: Command, _lazily: Lazily): void {}
