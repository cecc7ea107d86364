import { isSealedJson, isSealedText, type Json } from "@weir/protocol";
import { Keyring, type PrivateJwk } from "@weir/protocol/seal";
import type { Holding } from "./search.ts";

/** What one who holds these keys reads of all that was sent, or answered: every sealed text and value that opens, as one text. */
export async function openedBy(keys: readonly PrivateJwk[], messages: readonly Holding[]): Promise<Buffer> {
  if (keys.length === 0) return Buffer.alloc(0);
  const keyring = new Keyring(keys);
  const values = messages.flatMap(({ content }) => jsonOf(content));
  for (const value of values) learn(keyring, value);
  const texts = new Set<string>();
  for (const value of values) await open(keyring, value, texts);
  return Buffer.from([...texts].join("\n"));
}

/** A body as JSON, or each event of a stream; nothing where it is neither. A question has its head in lines above. */
function jsonOf(content: Buffer): unknown[] {
  const text = content.toString("utf8");
  const parts = text.startsWith("{") ? [text] : text.split("\n").map((line) => line.replace(/^data: /, ""));
  return parts.flatMap((part) => (part.startsWith("{") ? parsed(part) : []));
}

function parsed(text: string): unknown[] {
  try {
    return [JSON.parse(text)];
  } catch {
    return [];
  }
}

/** Wrapped content keys, wherever they stand. */
function learn(keyring: Keyring, value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  const { id, key } = value as { id?: unknown; key?: unknown };
  if (typeof id === "string" && typeof key === "string" && key.startsWith("{")) keyring.learn([{ id, key }]);
  for (const inner of Object.values(value)) learn(keyring, inner);
}

async function open(keyring: Keyring, value: unknown, texts: Set<string>): Promise<void> {
  if (isSealedText(value)) return await attempt(texts, () => keyring.openText(value));
  if (typeof value !== "object" || value === null) return;
  if (isSealedJson(value))
    return await attempt(texts, async () => JSON.stringify(await keyring.openJson(value as unknown as Json)));
  const { kind, box } = value as { kind?: unknown; box?: unknown };
  if (kind === "sealed") await attempt(texts, async () => Buffer.from(await keyring.openGeneral(box)).toString("utf8"));
  for (const inner of Object.values(value)) await open(keyring, inner, texts);
}

/** What does not open is missing among what does: the verdict tells it. */
async function attempt(texts: Set<string>, work: () => Promise<string>): Promise<void> {
  try {
    texts.add(await work());
  } catch {
    // Sealed for somebody else, or by a key that no answer carried.
  }
}
