import type { Io } from "../io.ts";
import { makePaint } from "../terminal/paint.ts";

/** An Io that collects what is written, without colours. */
export function fakeIo(given: Partial<Io> = {}): Io & { written(): string } {
  let text = "";
  return {
    out: (piece) => void (text += piece),
    err: (piece) => void (text += piece),
    input: async () => "",
    interactive: false,
    columns: 100,
    paint: makePaint({}, false),
    env: {},
    cwd: "/home/me",
    interrupted: new AbortController().signal,
    ...given,
    written: () => text,
  };
}
