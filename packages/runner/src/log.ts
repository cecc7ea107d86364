type Write = (fields: Readonly<Record<string, unknown>>, message: string) => void;

/** Where a runner tells what it does, on the user's side only. A pino logger is one. Never given tokens, parameters or log lines of flows. */
export interface RunnerLog {
  readonly debug: Write;
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
}

/** The sentence of an error, without its stack. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
