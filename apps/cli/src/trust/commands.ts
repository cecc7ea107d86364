import type { Command } from "commander";
import type { Lazily } from "../command.ts";

/** Commands about public keys, exported and imported. */
export function addTrust(_program: Command, _lazily: Lazily): void {}
