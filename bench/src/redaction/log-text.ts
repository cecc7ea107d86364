/** Random numbers that are the same each time (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const WORDS =
  "order customer was sent to the warehouse in Berlin after a retry of request because its connection closed while reading rows from table invoices for user alice and batch".split(
    " ",
  );
const hex = (random: () => number, length: number): string =>
  Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join("");
const word = (random: () => number): string => WORDS[Math.floor(random() * WORDS.length)] ?? "";
const words = (random: () => number, count: number): string =>
  Array.from({ length: count }, () => word(random)).join(" ");
const uuid = (r: () => number): string => [8, 4, 4, 4, 12].map((length) => hex(r, length)).join("-");
const time = (r: () => number): string => new Date(1.8e12 + Math.floor(r() * 1e9)).toISOString();

/** What services write: prose, key=value, JSON, URLs, paths of a stack, ids and digests. About 200 characters each. */
const KINDS: readonly ((r: () => number) => string)[] = [
  (r) => `${time(r)} INFO  [worker-${Math.floor(r() * 9)}] ${words(r, 26)}`,
  (r) =>
    `level=info ts=${time(r)} caller=invoices.go:${Math.floor(r() * 999)} trace_id=${hex(r, 32)} duration_ms=${(r() * 999).toFixed(2)} rows=${Math.floor(r() * 9999)} msg="${words(r, 11)}"`,
  (r) =>
    JSON.stringify({ time: time(r), level: "warn", id: uuid(r), attempt: Math.floor(r() * 9), message: words(r, 14) }),
  (r) =>
    `10.0.${Math.floor(r() * 255)}.7 - - "GET https://api.example.com/v2/invoices/${uuid(r)}?page=${Math.floor(r() * 99)}&sort=created_at HTTP/1.1" 200 ${Math.floor(r() * 99999)} "${words(r, 9)}"`,
  (r) =>
    `    at processTicksAndRejections (file:///srv/app/node_modules/.pnpm/example@1.2.3/node_modules/example/dist/${word(r)}-${word(r)}.js:${Math.floor(r() * 999)}:17) ${words(r, 9)}`,
  (r) =>
    `copied s3://example-bucket/${uuid(r)}/part-0000${Math.floor(r() * 9)}.parquet sha256:${hex(r, 64)} ${words(r, 7)}`,
];

/** Lines of a log, each a string of its own as JSON.parse makes them. */
export function logLines(count: number): readonly string[] {
  const random = seeded(1);
  const lines = Array.from({ length: count }, (_, i) => KINDS[i % KINDS.length]?.(random) ?? "");
  return JSON.parse(JSON.stringify(lines)) as string[];
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const PUNCTUATION = "!$%&*#@?";

/** Fifty secrets as a service has them: 32 keys of 40 characters, 8 of 24, 8 passwords of 10, a connection string, a private key of 26 lines. */
export function secretsOfService(): readonly string[] {
  const random = seeded(2);
  const some = (length: number, of = ALPHABET): string =>
    Array.from({ length }, () => of[Math.floor(random() * of.length)]).join("");
  const pem = [
    "-----BEGIN PRIVATE KEY-----",
    ...Array.from({ length: 26 }, () => some(64)),
    "-----END PRIVATE KEY-----",
  ];
  return [
    ...Array.from({ length: 32 }, () => some(40)),
    ...Array.from({ length: 8 }, () => some(24)),
    ...Array.from({ length: 8 }, () => some(9) + some(1, PUNCTUATION)),
    `postgres://service:${some(20)}@db.example.com:5432/service`,
    pem.join("\n"),
  ];
}
