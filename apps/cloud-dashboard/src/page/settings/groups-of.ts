/** A text in groups, as people type it. @example groupsOf("ABCDEF", 4) // "ABCD EF" */
export function groupsOf(text: string, size: number): string {
  const count = Math.ceil(text.length / size);
  return Array.from({ length: count }, (_, at) => text.slice(at * size, (at + 1) * size)).join(" ");
}
