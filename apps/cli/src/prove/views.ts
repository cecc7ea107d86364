import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from "node:zlib";

/** Shorter runs hold no canary. */
const SHORTEST_RUN = 24;
/** Base64 in hex in base64: deeper than any program writes without meaning to hide something. */
const DEEPEST = 3;
const MOST_BYTES = 64 * 1024 * 1024;
const limits = { maxOutputLength: MOST_BYTES };

/**
 * The content, and what stands in it once it is decoded: escapings undone, runs of base64 and hex as the bytes that they are, what is
 * compressed decompressed, and all of that once more with what came of it.
 */
export function* viewsOf(content: Buffer, depth = 0): Generator<Buffer> {
  yield content;
  if (depth >= DEEPEST || content.length === 0) return;
  const inner = [...decodedRuns(content), ...unescaped(content), ...decompressed(content)];
  for (const view of inner) yield* viewsOf(view, depth + 1);
}

const BASE64 = new RegExp(`[A-Za-z0-9+/_-]{${SHORTEST_RUN},}`, "g");
const HEX = new RegExp(`(?:[0-9a-fA-F]{2}){${SHORTEST_RUN},}`, "g");

/** One view for all runs of a kind: there may be many thousands, each of a few bytes. */
function decodedRuns(content: Buffer): Buffer[] {
  const text = content.toString("latin1");
  const base64 = (text.match(BASE64) ?? []).map((run) => Buffer.from(run, "base64url"));
  const hex = (text.match(HEX) ?? []).map((run) => Buffer.from(run, "hex"));
  const zipped = [...base64, ...hex].flatMap((bytes) => decompressed(bytes));
  return [joined(base64), joined(hex), joined(zipped)].filter((view) => view.length > 0);
}

function joined(pieces: readonly Buffer[]): Buffer {
  return Buffer.concat(pieces.flatMap((piece) => [piece, Buffer.from("\n")]));
}

const ESCAPE = /\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})|%([0-9a-fA-F]{2})|&#(\d{2,6});|&#x([0-9a-fA-F]{2,5});/g;

/** Escaped letters and digits as themselves; nothing when there are none. */
function unescaped(content: Buffer): Buffer[] {
  const text = content.toString("latin1");
  let any = false;
  const plain = text.replaceAll(ESCAPE, (_all, ...given: (string | undefined)[]) => {
    any = true;
    const [unicode, byte, percent, decimal, hex] = given;
    const code = decimal === undefined ? Number.parseInt(unicode ?? byte ?? percent ?? hex ?? "", 16) : Number(decimal);
    return String.fromCharCode(code & 0xff);
  });
  return any ? [Buffer.from(plain, "latin1")] : [];
}

/** By the first bytes; raw deflate has none, and is tried on what came under that name only. */
function decompressed(content: Buffer): Buffer[] {
  const [first, second] = content;
  if (first === 0x1f && second === 0x8b) return attempt(() => gunzipSync(content, limits));
  if (first === 0x78) return attempt(() => inflateSync(content, limits));
  if (content.length > 4 && content.readUInt32LE(0) === 0xfd2fb528)
    return attempt(() => zstdDecompressSync(content, limits));
  return [];
}

/** The body of a message as its `content-encoding` says it is packed; empty when it is not, or cannot be unpacked. */
export function unpacked(encoding: string | undefined, body: Buffer): Buffer[] {
  if (encoding === "br") return attempt(() => brotliDecompressSync(body, limits));
  if (encoding === "deflate")
    return [...attempt(() => inflateSync(body, limits)), ...attempt(() => inflateRawSync(body, limits))];
  return encoding === undefined || encoding === "identity" ? [] : decompressed(body);
}

/** What only looks as if it were packed is searched as it is. */
function attempt(unpack: () => Buffer): Buffer[] {
  try {
    return [unpack()];
  } catch {
    return [];
  }
}
