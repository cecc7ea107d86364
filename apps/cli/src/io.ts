import type { Paint } from "./terminal/paint.ts";

/** Everything of the process that a command may touch. */
export interface Io {
  /** Writes to stdout: what the command is for. */
  readonly out: (text: string) => void;
  /** Writes to stderr: what a person wants to know meanwhile. */
  readonly err: (text: string) => void;
  /** All of stdin. */
  readonly input: () => Promise<string>;
  /** Whether stdout is a terminal that can be redrawn. */
  readonly interactive: boolean;
  /** Width to write in, 100 at most: longer lines are hard to read. */
  readonly columns: number;
  readonly paint: Paint;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Aborted by the first Ctrl-C, SIGTERM, or hang-up. A second one ends the process at once. */
  readonly interrupted: AbortSignal;
}

/** One line to stdout. */
export function line(io: Io, text = ""): void {
  io.out(`${text}\n`);
}

/** The one document that a command prints with --json. */
export function printDocument(io: Io, document: unknown): void {
  io.out(`${JSON.stringify(document, null, 2)}\n`);
}
