/** How an operation went. `asked` is written before it is begun: without one of the others after it, whether it happened is not known. */
export const AUDIT_OUTCOMES = ["asked", "done", "refused", "denied", "failed"] as const;
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];

/** What an entry of the audit log says. Digests are keyed, and in hex: without the cloud's secret nothing can be guessed from them. */
export interface AuditContent {
  /** ISO 8601, milliseconds. */
  readonly at: string;
  readonly actorKind: string;
  readonly actorId: string | null;
  readonly actorName: string | null;
  readonly keyId: string | null;
  readonly sessionId: string | null;
  readonly address: string | null;
  readonly action: string;
  readonly targetKind: string | null;
  readonly targetId: string | null;
  /** Number of the entry that was written before the operation was begun. */
  readonly asked: number | null;
  readonly outcome: AuditOutcome;
  readonly code: string | null;
  readonly request: string | null;
  readonly before: string | null;
  readonly after: string | null;
}

/** An entry at its place in its tenant's chain. */
export interface AuditEntry extends AuditContent {
  readonly sequence: number;
  /** Hex. */
  readonly previousHash: string;
  /** Hex of SHA-256 over the previous hash, the sequence number (8 bytes, the highest first) and the SHA-256 of the content. */
  readonly hash: string;
}

/** The end of a chain. */
export interface AuditHead {
  readonly sequence: number;
  readonly hash: string;
}

/** The head of a tenant of which nothing was written yet. */
export const AUDIT_BEGINNING: AuditHead = { sequence: 0, hash: "0".repeat(64) };

/** The one text of an entry's content: its values in this order, as JSON. */
export function auditText(entry: AuditContent): string {
  return JSON.stringify([
    entry.at,
    entry.actorKind,
    entry.actorId,
    entry.actorName,
    entry.keyId,
    entry.sessionId,
    entry.address,
    entry.action,
    entry.targetKind,
    entry.targetId,
    entry.asked,
    entry.outcome,
    entry.code,
    entry.request,
    entry.before,
    entry.after,
  ]);
}

/**
 * Reads a chain in its order, from wherever `head` stands, and tells the first entry that does not fit.
 * @example
 * const chain = new AuditChain();
 * for (const entry of oldestFirst) if ((problem = await chain.add(entry)) !== null) break;
 * problem ??= chain.endsAt(headOfTheCloud);
 */
export class AuditChain {
  #head: AuditHead;

  constructor(head: AuditHead = AUDIT_BEGINNING) {
    this.#head = head;
  }

  get head(): AuditHead {
    return this.#head;
  }

  /** Takes the next entry. Answers what is wrong, as a sentence, or null. */
  async add(entry: AuditEntry): Promise<string | null> {
    const { sequence, hash } = this.#head;
    if (entry.sequence !== sequence + 1)
      return `Entry ${sequence + 1} is missing: after entry ${sequence} comes entry ${entry.sequence}.`;
    if (entry.previousHash !== hash)
      return `Entry ${entry.sequence} does not follow entry ${sequence}: it names another hash as that of the entry before it.`;
    if (entry.hash !== (await hashOf(entry)))
      return `Entry ${entry.sequence} was changed after it was written: its content does not have the hash that stands in it.`;
    this.#head = { sequence: entry.sequence, hash: entry.hash };
    return null;
  }

  /** Compares the end that was reached with the one that should have been. Answers what is wrong, or null. */
  endsAt(head: AuditHead): string | null {
    const { sequence, hash } = this.#head;
    if (sequence < head.sequence)
      return `Entry ${sequence + 1} is missing: the log ends at entry ${sequence}, but went on to entry ${head.sequence}.`;
    if (sequence === head.sequence && hash !== head.hash)
      return `Entry ${sequence} is not the one that stood there: its hash is ${hash}, expected was ${head.hash}.`;
    return null;
  }
}

async function hashOf(entry: AuditEntry): Promise<string> {
  const content = await sha256(new TextEncoder().encode(auditText(entry)));
  const bytes = new Uint8Array(32 + 8 + 32);
  bytes.set(fromHex(entry.previousHash));
  new DataView(bytes.buffer).setBigInt64(32, BigInt(entry.sequence));
  bytes.set(content, 40);
  return toHex(await sha256(bytes));
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

const toHex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** 32 bytes, whatever the text: one that is no hash gives none that fits. */
function fromHex(text: string): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, index) => Number.parseInt(text.slice(index * 2, index * 2 + 2), 16) || 0);
}
