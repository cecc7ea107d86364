import { cutText, LIMITS, Refusal, REFUSALS, type RefusalBody } from "@weir/protocol";
import type { Dispatcher } from "undici";
import { ConnectionError } from "./connection-error.ts";

/** What a reply's head says, apart from its body. */
export interface ReplyHead {
  readonly url: string;
  readonly status: number;
  readonly contentType: string;
  readonly retryAfterSeconds: number | undefined;
}

/** Reads what is needed of an HTTP response's head. */
export function replyHead(url: string, response: Dispatcher.ResponseData): ReplyHead {
  const retryAfter = Number(one(response.headers["retry-after"]));
  return {
    url,
    status: response.statusCode,
    contentType: one(response.headers["content-type"]) ?? "",
    retryAfterSeconds: Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : undefined,
  };
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

/** Reads a body to its end, but never more than `maxBytes` of it. */
export async function readCapped(head: ReplyHead, body: AsyncIterable<Buffer>, maxBytes: number): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of body) {
    bytes += part.length;
    if (bytes > maxBytes) {
      const message = `The reply of ${head.url} is larger than the ${maxBytes} bytes that are accepted; it was not read further.`;
      throw new ConnectionError("REPLY_TOO_LARGE", message, { status: head.status });
    }
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

/** Throws when the answer is a redirect. It is never followed: the token would go with it. */
export function refuseRedirect(head: ReplyHead, location: string | undefined): void {
  if (head.status < 300 || head.status > 399 || head.status === 304) return;
  const target = location === undefined ? "elsewhere" : `to ${location}`;
  const message = `${head.url} redirects ${target} (HTTP ${head.status}). Redirects are not followed, because the token would go with them; give the final URL of the cloud.`;
  throw new ConnectionError("REDIRECTED", message, { status: head.status });
}

function notWeir(head: ReplyHead, what: string): ConnectionError {
  const type = head.contentType === "" ? "no content-type" : head.contentType;
  const message = `${head.url} answered HTTP ${head.status} with ${what} (${type}) instead of Weir's JSON. A proxy or another server may stand there: check the URL, HTTPS_PROXY and NO_PROXY.`;
  return new ConnectionError("NOT_WEIR", message, { status: head.status, retryAfterSeconds: head.retryAfterSeconds });
}

const JSON_TYPE = /^application\/([\w.-]+\+)?json\b/i;
const HTML_TEXT = /^\s*<(!doctype|html|\?xml)/i;

/** The JSON of a reply. @throws ConnectionError NOT_WEIR for anything else, with what it was. */
export function parseReply(head: ReplyHead, text: string): unknown {
  if (HTML_TEXT.test(text)) throw notWeir(head, "a page");
  if (!JSON_TYPE.test(head.contentType)) throw notWeir(head, "something");
  try {
    return JSON.parse(text);
  } catch {
    throw notWeir(head, text === "" ? "an empty text" : "a text that is broken or cut off");
  }
}

function isRefusalBody(value: unknown): value is RefusalBody {
  if (typeof value !== "object" || value === null) return false;
  const { code, message } = value as Partial<Record<"code" | "message", unknown>>;
  return typeof code === "string" && Object.hasOwn(REFUSALS, code) && typeof message === "string";
}

/** The refusal in a body or in a GraphQL error's extensions, if there is one. */
export function asRefusal(value: unknown, message?: string): Refusal | null {
  const told = message === undefined ? value : { message, ...(value as object | undefined) };
  if (!isRefusalBody(told)) return null;
  const { expected, retryAfterSeconds } = told;
  return new Refusal(told.code, cutText(told.message, LIMITS.messageBytes), {
    ...(typeof expected === "number" ? { expected } : {}),
    ...(typeof retryAfterSeconds === "number" ? { retryAfterSeconds } : {}),
  });
}

/** The refusal among GraphQL's errors, if there is one. */
export function refusalAmong(errors: unknown): Refusal | null {
  if (!Array.isArray(errors)) return null;
  for (const error of errors as { message?: unknown; extensions?: unknown }[]) {
    const message = typeof error?.message === "string" ? error.message : "GraphQL told an error without a message.";
    const refusal = asRefusal(error?.extensions, message);
    if (refusal !== null) return refusal;
  }
  return null;
}

/**
 * The JSON of a reply that says yes.
 * @throws Refusal when the cloud said no, in the form of either door; ConnectionError when it was not the cloud
 */
export function acceptedJson(head: ReplyHead, text: string): unknown {
  const json = parseReply(head, text);
  if (head.status >= 200 && head.status < 300) return json;
  const { errors } = (typeof json === "object" && json !== null ? json : {}) as { errors?: unknown };
  throw asRefusal(json) ?? refusalAmong(errors) ?? notWeir(head, "JSON that is no refusal of Weir");
}
