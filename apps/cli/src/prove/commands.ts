import type { Command } from "commander";
import type { Lazily } from "../command.ts";

/** Commands about the proof. */
export function addProve(_program: Command, _lazily: Lazily): void {}
