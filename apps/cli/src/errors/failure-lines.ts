import type { Failure } from "@weir/protocol";
import { clean, cleanLine } from "../terminal/clean.ts";

/** A failure with its stack, its causes and what an aggregate error holds, each a step further in. */
export function failureLines(failure: Failure, indent = ""): string[] {
  const { name, message, stack, cause, errors = [] } = failure;
  const inner = `${indent}  `;
  return [
    ...clean(`${name}: ${message}`)
      .split("\n")
      .map((text) => indent + text),
    ...(stack === undefined ? [] : stack.split("\n").map((text) => inner + cleanLine(text).trim())),
    ...(cause === undefined ? [] : [`${indent}caused by`, ...failureLines(cause, inner)]),
    ...errors.flatMap((error, index) => [
      `${indent}error ${index + 1} of ${errors.length}`,
      ...failureLines(error, inner),
    ]),
  ];
}
