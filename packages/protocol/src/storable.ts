import { cleanText } from "./limits.ts";

/** Whether Postgres can keep a JSON text: its jsonb refuses NUL and halves of surrogate pairs, and JSON.stringify writes both as escapes. */
export function isStorable(text: string): boolean {
  return !/\\u0000|\\ud[89a-f]/i.test(text) || cleanText(unescaped(text)) === unescaped(text);
}

/** The values and keys of a JSON text in one string, escapes resolved. */
function unescaped(text: string): string {
  const parts: string[] = [];
  JSON.parse(text, (key, value: unknown) => {
    parts.push(key);
    if (typeof value === "string") parts.push(value);
    return value;
  });
  return parts.join(" ");
}
