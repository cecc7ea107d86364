import { format } from "node:util";
import type { LogLevel } from "@weir/protocol";
import { cleanText, cutText, LIMITS } from "@weir/protocol/limits";
import { printLine } from "../flow/memory-sink.ts";
import { frames } from "./frame.ts";

/** Writes one line at one level. Takes what `console.log` takes. */
export type LogLine = (...parts: readonly unknown[]) => void;

/** One method per level. */
export type Log = Readonly<Record<LogLevel, LogLine>>;

function line(level: LogLevel): LogLine {
  return (...parts) => {
    const text = cutText(cleanText(format(...parts)), LIMITS.logLineBytes);
    const frame = frames.getStore();
    if (frame === undefined) return printLine({ at: Date.now(), level, text });
    const event = { kind: "log", at: Date.now(), level, text } as const;
    frame.facts.emit(frame.taskRunNumber === undefined ? event : { ...event, number: frame.taskRunNumber });
  };
}

export const log: Log = {
  trace: line("trace"),
  debug: line("debug"),
  info: line("info"),
  warn: line("warn"),
  error: line("error"),
  fatal: line("fatal"),
};
