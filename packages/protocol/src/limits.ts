/** Sizes that hold on both sides: the gate checks them before sending, the cloud before reading. Bytes are of UTF-8 JSON. */
export const LIMITS = {
  /** Run parameters. Over it, a run is refused; put the data into storage and pass where it lies. */
  parametersBytes: 512 * 1024,
  /** Depth of nested arrays and objects in any JSON that crosses. `JSON.parse` itself would take 10,000 levels, recursion over them would not. */
  jsonDepth: 64,
  /** One report. The runner cuts batches far below it. */
  reportBytes: 4 * 1024 * 1024,
  /** Events in one report. */
  eventsPerReport: 10_000,
  /** One log line; longer ones are cut with a visible mark. */
  logLineBytes: 64 * 1024,
  /** Message of a state, and message of a failure. */
  messageBytes: 16 * 1024,
  /** Stack of a failure. */
  stackBytes: 32 * 1024,
  /** Causes below a failure; deeper ones are dropped. */
  causeDepth: 5,
  /** Failures in one: causes, and what aggregate errors hold, all together. Further ones are dropped. */
  innerFailures: 50,
  /** Data of one artifact. */
  artifactBytes: 256 * 1024,
  /** A value of the key-value store. */
  kvValueBytes: 64 * 1024,
  /** Names of flows, tasks, projects, agents, labels, tags, keys. Characters. */
  nameLength: 200,
  /** A result location. Characters. */
  locationLength: 2_048,
  /** A result location, or a name rendered from inputs, as it crosses: sealed, it is longer. Characters. */
  locationOnLine: 4_096,
  runNameOnLine: 600,
  /** A failure that is sealed as a whole. Characters. */
  sealedFailureLength: 256 * 1024,
  /** A wrapped content key: about 250 characters for each recipient. */
  sealKeyLength: 16 * 1024,
  /** Wrapped content keys in one message: one for each attempt of a run. */
  sealKeys: 200,
  /** Whoever what is sealed can be opened by, beside the agents. */
  recipients: 50,
  /** A signature of work: a compact JWS. Characters. */
  signatureLength: 64 * 1024,
  /** Key of a cached result, as the user's code gives it. Only its keyed digest crosses. Characters. */
  cacheKeyLength: 2_048,
  /** Digests of one cached result: one for each input and each parameter. */
  digests: 200,
  /** Schedules of one flow. */
  schedules: 50,
  /** Labels or tags on one thing. */
  labels: 50,
  /** Flow registration: description of the flow with its parameter schema and file list. */
  registrationBytes: 1024 * 1024,
  /** One message between a flow's child process and its runner. */
  ipcMessageBytes: 2 * 1024 * 1024,
  /** Runs that one claim may take. */
  runsPerClaim: 100,
  /** Longest wait of a claim, seconds. */
  claimWaitSeconds: 30,
} as const;

/** Cuts a text to a number of UTF-8 bytes and says how much is missing. Never splits a character. */
export function cutText(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes) return text;
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= maxBytes) return text;
  const mark = ` … [cut by Weir: ${bytes.length - maxBytes} bytes more]`;
  let end = Math.max(0, maxBytes - mark.length - 4);
  // A continuation byte is 10xxxxxx: step back to the start of a character.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return new TextDecoder().decode(bytes.subarray(0, end)) + mark;
}

/** Makes a text that every side can store: no NUL (Postgres refuses it in text), no lone surrogates. */
export function cleanText(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  return whole.includes("\u0000") ? whole.replaceAll("\u0000", "\uFFFD") : whole;
}
