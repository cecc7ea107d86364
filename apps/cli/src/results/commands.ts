import type { Command } from "commander";
import type { Lazily } from "../command.ts";

/** Commands about results in the user's own storage. */
export function addResults(_program: Command, _lazily: Lazily): void {}
