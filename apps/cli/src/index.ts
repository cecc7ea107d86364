/** `weir`: the same verbs, by hand. As a program it is `main.ts`; this is for those who want to build on its tree of commands. */
export { runCli } from "./cli.ts";
export { EXIT, EXIT_MEANINGS, type ExitCode, type ExitName } from "./exit-codes.ts";
export type { Io } from "./io.ts";
