/** One shape that a text of letters and digits can have among bytes. */
export interface Form {
  readonly name: string;
  readonly bytes: Buffer;
}

/**
 * Every shape in which letters and digits are looked for. Escapings (JSON, URL, HTML, shell) leave letters and digits as they are; what is left
 * is what writes bytes anew. Written apart from the gate's own list on purpose: a shape that the gate forgot must not be forgotten here too.
 */
export function formsOf(core: string): Form[] {
  const bytes = Buffer.from(core, "utf8");
  const pairs = bytes.toString("hex").match(/../g) ?? [];
  const parted = [":", " ", "-"].flatMap((between) => [pairs.join(between), pairs.join(between).toUpperCase()]);
  const forms = [
    { name: "plain", bytes },
    ...parted.map((text) => ({ name: "hex in pairs", bytes: Buffer.from(text) })),
    ...[",", ", "].map((between) => ({ name: "bytes as numbers", bytes: Buffer.from(bytes.join(between)) })),
    { name: "hex", bytes: Buffer.from(bytes.toString("hex")) },
    { name: "hex in capitals", bytes: Buffer.from(bytes.toString("hex").toUpperCase()) },
    { name: "UTF-16", bytes: Buffer.from(core, "utf16le") },
    ...[0, 1, 2].map((shift) => ({ name: `base64 shifted by ${shift}`, bytes: Buffer.from(base64At(bytes, shift)) })),
    ...[0, 1, 2].map((shift) => ({
      name: `base64url shifted by ${shift}`,
      bytes: Buffer.from(base64At(bytes, shift).replaceAll("+", "-").replaceAll("/", "_")),
    })),
  ];
  const seen = new Set<string>();
  return forms.filter(({ bytes: shape }) => {
    const text = shape.toString("latin1");
    return !seen.has(text) && seen.add(text);
  });
}

/** What base64 makes of the bytes when `shift` others stand before them, without the characters that those others decide. */
function base64At(bytes: Buffer, shift: number): string {
  const skipped = [0, 2, 3][shift] ?? 0;
  const whole = Math.floor(((shift + bytes.length) * 8) / 6);
  return Buffer.concat([Buffer.alloc(shift), bytes])
    .toString("base64")
    .slice(skipped, whole);
}
