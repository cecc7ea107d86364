/** The 16 colours by name, each with its two faces. On ground they are at least 4.5 : 1. */
const NAMED: Readonly<Record<string, string>> = {
  black: "light-dark(#1a2029, #8b949e)",
  red: "light-dark(#b42318, #ff8d83)",
  green: "light-dark(#1a7f37, #56d364)",
  yellow: "light-dark(#8a5a00, #e3b341)",
  blue: "light-dark(#0b5cad, #79b8ff)",
  magenta: "light-dark(#8a3ffc, #d2a8ff)",
  cyan: "light-dark(#0a6a7c, #5cc8db)",
  white: "light-dark(#566070, #e3e8ee)",
};

/** What CSS calls a colour of a piece. */
export const cssColour = (name: string): string => NAMED[name.replace("bright-", "")] ?? name;

/** A colour that a task keeps from line to line. */
export function taskColour(task: string): string {
  const hue = Array.from(task).reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 360, 7);
  return `light-dark(hsl(${hue} 65% 30%), hsl(${hue} 65% 75%))`;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** The time of day of a line, to the millisecond. Made for thousands of lines. */
export function clockText(iso: string, zone: string): string {
  const clock =
    clocks.get(zone) ??
    new Intl.DateTimeFormat("en-GB", {
      ...(zone === "local" ? {} : { timeZone: zone }),
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      fractionalSecondDigits: 3,
    });
  clocks.set(zone, clock);
  return clock.format(new Date(iso));
}

/** A text in parts, every second of which is what was looked for. */
export function foundParts(text: string, found: string): readonly string[] {
  if (found === "") return [text];
  const [whole, part] = [text.toLowerCase(), found.toLowerCase()];
  // Some letters get longer in lower case, and then places would not be the same.
  if (whole.length !== text.length) return [text];
  const parts: string[] = [];
  let end = 0;
  for (let at = whole.indexOf(part); at !== -1; at = whole.indexOf(part, end)) {
    parts.push(text.slice(end, at), text.slice(at, at + part.length));
    end = at + part.length;
  }
  return [...parts, text.slice(end)];
}
