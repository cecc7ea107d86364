/**
 * Whether a name fits a pattern in which `*` stands for any characters, also none. Without backtracking beyond the last `*`, so that no
 * pattern takes longer than its length times that of the name.
 * @example fits("report-*", "report-nightly") // true
 */
export function fits(pattern: string, name: string): boolean {
  const parts = pattern.split("*");
  const first = parts[0] ?? "";
  if (parts.length === 1) return first === name;
  const last = parts.at(-1) ?? "";
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = name.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= name.length - last.length;
}
