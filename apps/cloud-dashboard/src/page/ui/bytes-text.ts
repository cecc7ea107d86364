const UNITS = ["kB", "MB", "GB", "TB"];

/**
 * A size for people; "" where it is not known.
 * @example bytesText(12_345); // "12.3 kB"
 */
export function bytesText(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined) return "";
  if (bytes < 1_000) return `${bytes} B`;
  let size = bytes / 1_000;
  let unit = 0;
  while (Number(size.toFixed(1)) >= 1_000 && unit < UNITS.length - 1) {
    size /= 1_000;
    unit += 1;
  }
  return `${size.toFixed(1)} ${UNITS[unit]}`;
}
