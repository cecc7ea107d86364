import type { Command } from "commander";
import type { Lazily } from "../command.ts";

/** Commands about what a policy file lets leave. */
export function addBoundary(_program: Command, _lazily: Lazily): void {}
