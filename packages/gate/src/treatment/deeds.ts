import type { DataClass } from "@weir/protocol";

/** What can be done to a piece of data; the ledger's words. The first three are the same thing done more or less: of those, the last counts. */
export const DEEDS = [
  "sent",
  "cut",
  "redacted",
  "hmac",
  "pseudonym",
  "sealed",
  "id-only",
  "dropped",
  "withheld",
] as const;
export type Deed = (typeof DEEDS)[number];

/**
 * What was done to each class of one message: a deed, or several with "+" between them where not all of the class was treated alike, as in
 * `redacted+sealed`. `metadata` is always there.
 */
export type Deeds = Partial<Record<DataClass, string>>;

const BITS = Object.fromEntries(DEEDS.map((deed, index) => [deed, 1 << index])) as Record<Deed, number>;
const PLAIN = ["redacted", "cut", "sent"] as const;
const OTHERS = DEEDS.slice(PLAIN.length);

/** Notes what is done while a message is treated. A number for each class: a report may have 50,000 texts. */
export class Notes {
  readonly #bits: Partial<Record<DataClass, number>> = { metadata: BITS.sent };

  note(dataClass: DataClass, deed: Deed): void {
    this.#bits[dataClass] = (this.#bits[dataClass] ?? 0) | BITS[deed];
  }

  get deeds(): Deeds {
    return Object.fromEntries(Object.entries(this.#bits).map(([dataClass, bits]) => [dataClass, wordsOf(bits)]));
  }
}

function wordsOf(bits: number): string {
  const plain = PLAIN.find((deed) => (bits & BITS[deed]) !== 0);
  const others = OTHERS.filter((deed) => (bits & BITS[deed]) !== 0);
  return [...(plain === undefined ? [] : [plain]), ...others].join("+");
}
