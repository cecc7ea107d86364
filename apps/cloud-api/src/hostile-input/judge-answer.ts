import { REFUSALS } from "@weir/protocol";

/** What came back. */
export interface AnswerSeen {
  readonly status: number;
  readonly body: string;
}

/** What only the cloud's inside knows: stacks, files, statements, its tables and libraries. */
const INTERNALS: readonly RegExp[] = [
  /\\n\s+at \S/,
  /node_modules|[\\/]src[\\/]|\.ts:\d/,
  /prisma|pothos|fastify|node-postgres/i,
  /relation "|column "|syntax error at or near|violates .* constraint|invalid input syntax/i,
  /\b(insert into|update \w+ set|delete from|select .+ from) /i,
];

interface Told {
  readonly __typename?: string;
  readonly data?: unknown;
  readonly code?: string;
  readonly message?: string;
  readonly errors?: readonly { readonly message?: string; readonly extensions?: { readonly code?: string } }[];
}

/** What is wrong with an answer, as a sentence; null: nothing. `foreign` are strings of other tenants. */
export function problemOf({ status, body }: AnswerSeen, foreign: readonly string[]): string | null {
  if (status >= 500) return `status ${status}`;
  const leaked = foreign.find((text) => body.includes(text));
  if (leaked !== undefined) return `another tenant's ${JSON.stringify(leaked)}`;
  if (INTERNALS.some((pattern) => pattern.test(body))) return "the cloud's inside";
  const codes = codesOf(body);
  if (codes === null) return "an answer that is no JSON";
  const unknown = codes.find((code) => !Object.hasOwn(REFUSALS, code));
  if (unknown !== undefined) return `the code ${JSON.stringify(unknown)}`;
  if (codes.includes("INTERNAL")) return "the code INTERNAL";
  if (status >= 400 && codes.length === 0) return `status ${status} without a code`;
  return null;
}

/** All codes of refusals and errors in an answer: none where it was served. Null when it cannot be read. */
export function codesOf(body: string): string[] | null {
  const texts = body.startsWith("event:") || body.startsWith(":") ? eventsOf(body) : [body];
  try {
    return texts.flatMap((text) => codesIn(JSON.parse(text) as Told));
  } catch {
    return null;
  }
}

/** The data of a stream's messages. */
const eventsOf = (stream: string) => [...stream.matchAll(/^data: ?(\{.*)$/gm)].map(([, data]) => data ?? "");

function codesIn({ code, message, data, errors = [] }: Told): string[] {
  const answered = typeof data === "object" && data !== null ? Object.values(data as Record<string, Told | null>) : [];
  const refusals = answered.filter((field) => field?.__typename === "Refusal" && field.code !== undefined);
  return [
    ...(code === undefined || message === undefined ? [] : [code]),
    ...errors.map(({ extensions }) => extensions?.code ?? "none"),
    ...refusals.map((refusal) => refusal?.code ?? "none"),
  ];
}
