import { createHash, randomBytes } from "node:crypto";
import { CHANNELS } from "./channels.ts";

/** What is planted in a channel, and what is looked for. */
export interface Canary {
  readonly id: string;
  /** What the scenario's flows and the prover write. */
  readonly text: string;
  /**
   * Random letters and digits inside of the text: whoever sees one of them has seen the canary. No escaping changes them, so that a search for
   * them finds the text in escapings that nobody thought of.
   */
  readonly cores: readonly string[];
}

const ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
const CORE = 26;

/** Random letters and digits: about 5 bits each. */
export function core(length = CORE): string {
  return Array.from(randomBytes(length), (byte) => ALPHABET[byte % ALPHABET.length]).join("");
}

/** Every kind of escaping changes something around the core. */
const around = (id: string, inner: string): string => `${id} "ä' <&>/+?$ ${inner} \\ €`;

type Maker = (id: string) => Canary;

const plain: Maker = (id) => {
  const inner = core();
  return { id, text: `${id}-${inner}`, cores: [inner] };
};

const decorated: Maker = (id) => {
  const inner = core();
  return { id, text: around(id, inner), cores: [inner] };
};

const ofLines: Maker = (id) => {
  const lines = [core(), core(), core()];
  return { id, text: lines.map((inner) => `${id} '${inner}' ä`).join("\n"), cores: lines };
};

/** Each half is looked for: what stands on one side of a border is a leak too. */
const inHalves: Maker = (id) => {
  const inner = core(2 * CORE);
  return { id, text: inner, cores: [inner.slice(0, CORE), inner.slice(CORE)] };
};

/** Five formats that others gave their tokens; each is looked for by its random part. */
const tokens: Maker = (id) => {
  const github = `${core(18)}${core(18)}`;
  const slack = core(24);
  const stripe = core(24);
  const amazon = core(16).toUpperCase();
  const jwt = core(43);
  const texts = [
    `ghp_${github}`,
    `xoxb-123456789012-123456789012-${slack}`,
    `sk_live_${stripe}`,
    `AKIA${amazon}`,
    `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ3ZWlyIn0.${jwt}`,
  ];
  return { id, text: texts.join("\n"), cores: [github, slack, stripe, amazon, jwt] };
};

/** A number of characters, which the agent's own line about a line that was too long repeats. */
const lineLength: Maker = (id) => {
  const length = 100_000 + (randomBytes(4).readUInt32BE() % 100_000);
  return { id, text: String(length), cores: [`was ${length} characters long`] };
};

/** These stand where not every character may: in paths, tags, names of functions. */
const PLAIN = new Set([
  "fileName",
  "source",
  "errorName",
  "errorStack",
  "location",
  "config",
  "tag",
  "flowRunName",
  "secretUrl",
  "flowVariable",
  "agentVariable",
  "uncaught",
  "cacheKey",
  "patternLine",
]);
const OTHERS: Readonly<Record<string, Maker>> = {
  secretLines: ofLines,
  secretChunks: inHalves,
  secretFolded: inHalves,
  secretCut: inHalves,
  secretToken: tokens,
  agentLine: lineLength,
};

/** A new canary for each channel. */
export function makeCanaries(): Record<string, Canary> {
  const made = CHANNELS.map(({ id }) => [id, (OTHERS[id] ?? (PLAIN.has(id) ? plain : decorated))(id)] as const);
  const canaries: Record<string, Canary> = Object.fromEntries(made);
  const input = canaries["cachedInput"]?.text ?? "";
  const digests = [input, [input]].map((value) => createHash("sha256").update(JSON.stringify(value)).digest("hex"));
  return { ...canaries, cachedDigest: { id: "cachedDigest", text: "", cores: digests } };
}
