/** One shape that a text can take on its way into a database, a log or a file. */
export interface Form {
  readonly name: string;
  readonly text: string;
}

/**
 * Every shape in which a text is looked for. Written apart from the gate's own list on purpose: a shape that the gate forgot must not be
 * forgotten here too.
 */
export function formsOf(text: string): Form[] {
  const bytes = Buffer.from(text, "utf8");
  const json = JSON.stringify(text).slice(1, -1);
  const forms = [
    { name: "raw", text },
    { name: "JSON", text: json },
    { name: "JSON in JSON", text: JSON.stringify(json).slice(1, -1) },
    { name: "JSON in ASCII", text: inAscii(json) },
    { name: "hex", text: bytes.toString("hex") },
    { name: "hex in capitals", text: bytes.toString("hex").toUpperCase() },
    { name: "URL", text: encodeURIComponent(text) },
    { name: "form", text: new URLSearchParams({ "": text }).toString().slice(1) },
    ...[0, 1, 2].flatMap((shift) => base64At(bytes, shift)),
  ];
  const seen = new Set<string>();
  return forms.filter((form) => form.text !== "" && !seen.has(form.text) && seen.add(form.text));
}

const inAscii = (text: string) =>
  text.replaceAll(/[\u0080-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** What base64 makes of the bytes when `shift` others stand before them, without the characters that those others decide. */
function base64At(bytes: Buffer, shift: number): Form[] {
  const skipped = [0, 2, 3][shift] ?? 0;
  const whole = Math.floor(((shift + bytes.length) * 8) / 6);
  const text = Buffer.concat([Buffer.alloc(shift), bytes])
    .toString("base64")
    .slice(skipped, whole);
  return [
    { name: `base64 shifted by ${shift}`, text },
    { name: `base64url shifted by ${shift}`, text: text.replaceAll("+", "-").replaceAll("/", "_") },
  ];
}
