/** Exit codes of every command. `--help` of a command names those that it can end with. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  auth: 3,
  notFound: 4,
  network: 5,
  conflict: 6,
  interrupted: 130,
} as const;

export type ExitName = keyof typeof EXIT;
export type ExitCode = (typeof EXIT)[ExitName];

/** What a person reads about an exit code. */
export const EXIT_MEANINGS: Readonly<Record<ExitName, string>> = {
  ok: "done",
  failed: "the run did not succeed, or something failed that has no code of its own",
  usage: "arguments, parameters or a flow's file cannot be used as given",
  auth: "no key, or one that the cloud does not accept",
  notFound: "there is no such thing",
  network: "the cloud cannot be reached, or is overloaded",
  conflict: "not possible in the state that it is in",
  interrupted: "Ctrl-C, before it was done",
};
