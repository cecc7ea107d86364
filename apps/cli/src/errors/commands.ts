import type { Command } from "commander";
import type { Lazily } from "../command.ts";

/** Commands about what stayed in the agent's log. */
export function addErrors(_program: Command, _lazily: Lazily): void {}
