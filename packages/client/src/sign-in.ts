import { request } from "undici";
import { ConnectionError } from "./connection-error.ts";
import { Deadline } from "./deadline.ts";
import { makeDispatcher } from "./dispatcher.ts";
import { acceptedJson, readCapped, refuseRedirect, replyHead } from "./reply.ts";

/** What `weir login` gives for a key: nothing of any flow, so nothing that the gate would judge. */
export interface SignIn {
  /** That the browser brought. */
  readonly code: string;
  /** Whose SHA-256 the browser's address had (RFC 7636). */
  readonly verifier: string;
  /** Name of this machine, for the list of keys. */
  readonly device: string;
}

export interface SignedIn {
  readonly key: string;
  readonly email: string;
  readonly tenant: string;
}

const EXCHANGE = "/auth/cli/exchange";
const END = "/auth/cli/end";
const TIMEOUT_MS = 30_000;
const MOST_BYTES = 64 * 1024;

/**
 * Gives what a browser brought for a key of one's own.
 * @throws Refusal of the cloud; ConnectionError when it does not answer, or not as a cloud does
 * @example const { key } = await signIn("https://weir.example.com", { code, verifier, device }, signal);
 */
export async function signIn(url: string, asked: SignIn, signal: AbortSignal): Promise<SignedIn> {
  const headers = { "content-type": "application/json" };
  const answer = await post(url, EXCHANGE, { headers, body: JSON.stringify(asked), signal });
  return signedIn(answer, `${url}${EXCHANGE}`);
}

/**
 * Ends a key at the cloud, with that key: it needs no right over keys.
 * @throws Refusal of the cloud, such as KEY_REVOKED; ConnectionError when it does not answer, or not as a cloud does
 */
export async function signOut(url: string, key: string, signal: AbortSignal): Promise<void> {
  await post(url, END, { headers: { authorization: `Bearer ${key}` }, signal });
}

interface Sent {
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

/** Answers the reply's JSON; null: the cloud did what was asked, and has nothing to say. */
async function post(url: string, path: string, { headers, body, signal }: Sent): Promise<unknown> {
  const address = `${url}${path}`;
  const dispatcher = makeDispatcher(new URL(url), undefined);
  const deadline = new Deadline(TIMEOUT_MS, signal);
  try {
    const response = await request(address, {
      dispatcher,
      method: "POST",
      headers: { ...headers, accept: "application/json" },
      signal: deadline.signal,
      ...(body === undefined ? {} : { body }),
    });
    const head = replyHead(address, response);
    const { location } = response.headers;
    const json = await readCapped(head, response.body, MOST_BYTES);
    refuseRedirect(head, Array.isArray(location) ? location[0] : location);
    return head.status === 204 ? null : acceptedJson(head, json);
  } catch (error) {
    throw deadline.explain(address, error);
  } finally {
    deadline.end();
    await dispatcher.destroy();
  }
}

function signedIn(answer: unknown, address: string): SignedIn {
  const { key, email, tenant } = Object(answer) as Partial<Record<keyof SignedIn, unknown>>;
  if (typeof key === "string" && typeof email === "string" && typeof tenant === "string") return { key, email, tenant };
  throw new ConnectionError(
    "NOT_WEIR",
    `${address} answered something else than a key. Is it the address of a Weir cloud?`,
  );
}
