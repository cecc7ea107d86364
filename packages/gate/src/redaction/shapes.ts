/** Shorter values are no secrets: striking out every "dev" or "true" would make logs unreadable and tell what the value is. */
export const SHORTEST_SECRET = 6;

const BASE64_FIRST_OWN_CHARACTER = [0, 2, 3] as const;

/**
 * The characters that a secret's bytes alone decide when it stands inside a longer text that was base64-encoded: once for
 * each position that its first byte can have in a group of three.
 */
function base64Shapes(bytes: Buffer): string[] {
  return BASE64_FIRST_OWN_CHARACTER.flatMap((first, shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString("base64");
    const own = encoded.slice(first, Math.floor(((shift + bytes.length) * 8) / 6));
    return [own, own.replaceAll("+", "-").replaceAll("/", "_")];
  });
}

function percentShapes(secret: string): string[] {
  const strict = encodeURIComponent(secret).replaceAll(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  const upper = [encodeURIComponent(secret), strict, encodeURI(secret)];
  const both = upper.flatMap((shape) => [shape, shape.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())]);
  return both.flatMap((shape) => [shape, shape.replaceAll("%20", "+")]);
}

const HTML_NAMED: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function entities(text: string, which: RegExp, write: (code: number) => string): string {
  return text.replaceAll(which, (c) => write(c.codePointAt(0) ?? 0));
}

function htmlShapes(secret: string): string[] {
  const html = secret.replaceAll(/[&<>]/g, (c) => HTML_NAMED[c] ?? c);
  const quoted = secret.replaceAll(/[&<>"]/g, (c) => HTML_NAMED[c] ?? c);
  const named = ["&#39;", "&#x27;", "&apos;"].map((apostrophe) => quoted.replaceAll("'", apostrophe));
  const decimal = (code: number): string => `&#${code};`;
  const hex = (code: number): string => `&#x${code.toString(16)};`;
  const upper = (code: number): string => `&#x${code.toString(16).toUpperCase()};`;
  const special = /[&<>"'\u0080-\u{10ffff}]/gu;
  const numeric = [decimal, hex, upper].flatMap((write) => [
    entities(secret, special, write),
    entities(secret, /[^]/gu, write),
  ]);
  return [
    html,
    quoted,
    ...named,
    ...named.map((shape) => entities(shape, /[\u0080-\u{10ffff}]/gu, decimal)),
    ...numeric,
  ];
}

function jsonShapes(secret: string): string[] {
  const once = JSON.stringify(secret).slice(1, -1);
  const ascii = once.replaceAll(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const twice = [once, ascii].map((shape) => JSON.stringify(shape).slice(1, -1));
  return [once, ascii, once.replaceAll("/", "\\/"), ...twice];
}

function shellShapes(secret: string): string[] {
  const single = secret.replaceAll("'", `'\\''`);
  return [single, secret.replaceAll("'", "\\'"), secret.replaceAll(/["$`\\]/g, (c) => `\\${c}`)];
}

/** Hex as one word, as fingerprints and dumps part it, as Node shows a Buffer (`<Buffer 70 40 …>`), and as string literals have it. */
function hexShapes(bytes: Buffer): string[] {
  const pairs = bytes.toString("hex").match(/../g) ?? [];
  const lower = ["", ":", " ", "-"].map((between) => pairs.join(between));
  return [...lower, ...lower.map((shape) => shape.toUpperCase()), pairs.map((pair) => `\\x${pair}`).join("")];
}

/** The bytes as numbers: the JSON of a Buffer or of an array. */
function decimalShapes(bytes: Buffer): string[] {
  return [bytes.join(","), bytes.join(", ")];
}

/**
 * UTF-16, for two ways in which it does get into logs: as the base64 that PowerShell's -EncodedCommand takes, and as the output of Windows
 * programs that was read as UTF-8 (a NUL behind each character). Hex and numbers of UTF-16 are not looked for: nothing writes them.
 */
function utf16Shapes(secret: string): string[] {
  const wide = Buffer.from(secret, "utf16le");
  return [...base64Shapes(wide), secret.split("").join("\u0000")];
}

/** What is looked for besides a secret of several lines as a whole: logs are cut into lines. */
function partsOf(secret: string): string[] {
  return secret.includes("\n") ? [secret, ...secret.split(/\r?\n/)] : [secret];
}

/**
 * Every shape in which a secret is looked for: as it is, base64 at its three shifts and in both alphabets, hex, bytes as numbers, percent-,
 * JSON- (once and twice), shell- and HTML-escaped, UTF-16. A secret of several lines is looked for line by line too. White space around it
 * is not part of it. Empty for values that are too short to be secrets.
 */
export function shapesOf(secret: string): string[] {
  const shapes = partsOf(secret).flatMap((part) => {
    // Lone surrogates are written as U+FFFD by every encoder, and encodeURIComponent throws on them.
    const value = part.trim().toWellFormed();
    if (value.length < SHORTEST_SECRET) return [];
    const bytes = Buffer.from(value, "utf8");
    return [
      value,
      ...jsonShapes(value),
      ...base64Shapes(bytes),
      ...hexShapes(bytes),
      ...decimalShapes(bytes),
      ...percentShapes(value),
      ...htmlShapes(value),
      ...shellShapes(value),
      ...utf16Shapes(value),
    ];
  });
  return [...new Set(shapes)];
}
