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

function htmlShapes(secret: string): string[] {
  const html = secret.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const quoted = html.replaceAll('"', "&quot;");
  return [html, quoted, ...["&#39;", "&#x27;", "&apos;"].map((apostrophe) => quoted.replaceAll("'", apostrophe))];
}

function jsonShapes(secret: string): string[] {
  const once = JSON.stringify(secret).slice(1, -1);
  const ascii = once.replaceAll(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return [once, ascii, once.replaceAll("/", "\\/"), JSON.stringify(once).slice(1, -1)];
}

function shellShapes(secret: string): string[] {
  const single = secret.replaceAll("'", `'\\''`);
  return [single, secret.replaceAll("'", "\\'"), secret.replaceAll(/["$`\\]/g, (c) => `\\${c}`)];
}

/**
 * Every shape in which a secret is looked for: as it is, base64 at its three shifts and in both alphabets, hex, percent-,
 * JSON- (once and twice), shell- and HTML-escaped. A secret of several lines is looked for line by line too, because logs are
 * cut into lines. Empty for values that are too short to be secrets.
 */
export function shapesOf(secret: string): string[] {
  const lines = secret.includes("\n") ? secret.split(/\r?\n/).map((line) => line.trim()) : [];
  const shapes = [secret, secret.trim(), ...lines].flatMap((value) => {
    // Lone surrogates are written as U+FFFD by every encoder, and encodeURIComponent throws on them.
    const whole = value.toWellFormed();
    if (whole.length < SHORTEST_SECRET) return [];
    const bytes = Buffer.from(whole, "utf8");
    const hex = bytes.toString("hex");
    return [
      whole,
      ...jsonShapes(whole),
      ...base64Shapes(bytes),
      hex,
      hex.toUpperCase(),
      ...percentShapes(whole),
      ...htmlShapes(whole),
      ...shellShapes(whole),
    ];
  });
  return [...new Set(shapes)];
}
