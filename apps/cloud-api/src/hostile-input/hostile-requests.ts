import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { RUN_DOOR, type RunDoorMessage } from "@weir/protocol";
import { hostileOperations } from "./hostile-documents.ts";
import { hostileMessages } from "./hostile-messages.ts";
import { hostileTexts, type Ids, idsOf } from "./hostile-values.ts";

/** One request, ready to be sent. Its credential is put to it by whoever sends it. */
export interface HostileRequest {
  /** What it tries, for the report. */
  readonly kind: string;
  readonly door: "graphql" | RunDoorMessage;
  readonly method: "POST" | "GET" | "PUT" | "PATCH" | "DELETE";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload?: Buffer | string;
}

type Plain = Pick<HostileRequest, "door" | "url"> & { readonly body: unknown };

const JSON_TYPE = { "content-type": "application/json" };
const AT_GRAPHQL = { door: "graphql", method: "POST", url: "/graphql" } as const;

const BOMB = gzipSync(Buffer.alloc(32 << 20, 0x20));

/** Ways in which a good body becomes a bad one on its way. */
const WRAPPINGS: Readonly<Record<string, (text: string) => Pick<HostileRequest, "headers" | "payload">>> = {
  "a form": (text) => ({
    headers: { "content-type": "application/x-www-form-urlencoded" },
    payload: `query=${encodeURIComponent(text.toWellFormed())}`,
  }),
  "a multipart form": (text) => ({
    headers: { "content-type": "multipart/form-data; boundary=b" },
    payload: `--b\r\nContent-Disposition: form-data; name="operations"\r\n\r\n${text}\r\n--b--\r\n`,
  }),
  "plain text": (text) => ({ headers: { "content-type": "text/plain" }, payload: text }),
  "another charset": (text) => ({
    headers: { "content-type": "application/json; charset=utf-16le" },
    payload: Buffer.from(text, "utf16le"),
  }),
  "utf-16 that says it is utf-8": (text) => ({
    headers: { "content-type": "application/json; charset=utf-8" },
    payload: Buffer.from(text, "utf16le"),
  }),
  "no content type": (text) => ({ headers: { "content-type": "" }, payload: text }),
  "a gzip bomb": () => ({ headers: { ...JSON_TYPE, "content-encoding": "gzip" }, payload: BOMB }),
  "gzip of itself": (text) => ({ headers: { ...JSON_TYPE, "content-encoding": "gzip" }, payload: gzipSync(text) }),
  "cut off": (text) => ({ headers: JSON_TYPE, payload: text.slice(0, Math.floor(text.length / 2)) }),
  "bytes that are no utf-8": (text) => ({
    headers: JSON_TYPE,
    payload: Buffer.concat([Buffer.from(text.slice(0, 20)), Buffer.from([0xff, 0xc0, 0x80, 0])]),
  }),
  "a list of itself": (text) => ({
    headers: JSON_TYPE,
    payload: `[${Array.from({ length: 50 }, () => text).join(",")}]`,
  }),
  "lists without an end": () => ({ headers: JSON_TYPE, payload: "[".repeat(60_000) }),
  "objects a hundred thousand deep": () => ({
    headers: JSON_TYPE,
    payload: `${'{"query":'.repeat(100_000)}1${"}".repeat(100_000)}`,
  }),
  "keys that repeat": (text) => ({ headers: JSON_TYPE, payload: `{"__proto__":1,"query":1,${text.slice(1)}` }),
  "too long": () => ({ headers: JSON_TYPE, payload: `{"query":"${"x".repeat(4 << 20)}"}` }),
};

const asJson = (body: unknown): string => JSON.stringify(body) ?? "undefined";

const plainRequests = (ids: Ids): fc.Arbitrary<Plain> =>
  fc.oneof(
    { weight: 3, arbitrary: hostileOperations(ids).map((body) => ({ ...AT_GRAPHQL, body })) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(hostileMessages(ids), idsOf({ own: ["RUN"], others: ids.others }))
        .map(([{ message, body }, id]) => ({
          door: message,
          url: RUN_DOOR[message].path.replace(":id", id === "RUN" ? id : encodeURIComponent(id.toWellFormed())),
          body,
        })),
    },
  );

/** Requests of all kinds. The path of the run that is held says `RUN`: whoever sends it knows the id. */
export const hostileRequests = (ids: Ids): fc.Arbitrary<HostileRequest> =>
  fc.oneof(
    {
      weight: 8,
      arbitrary: plainRequests(ids).map(({ body, ...to }): HostileRequest => ({
        ...to,
        kind: to.door === "graphql" ? "documents and variables" : "messages",
        method: "POST",
        headers: JSON_TYPE,
        payload: asJson(body),
      })),
    },
    {
      weight: 3,
      arbitrary: fc
        .tuple(plainRequests(ids), fc.constantFrom(...Object.keys(WRAPPINGS)))
        .map(([{ body, ...to }, kind]): HostileRequest => {
          const wrapped = WRAPPINGS[kind]?.(asJson(body)) ?? { headers: {} };
          return { ...to, method: "POST", kind, ...wrapped };
        }),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(plainRequests(ids), hostileTexts, fc.constantFrom("GET", "PUT", "PATCH", "DELETE"))
        .map(([{ door, url }, text, method]): HostileRequest => {
          const query = encodeURIComponent(text.toWellFormed().slice(0, 2_000));
          return { door, method, kind: "other methods", url: `${url}?query=${query}`, headers: JSON_TYPE };
        }),
    },
    {
      weight: 1,
      arbitrary: hostileOperations(ids).map((body): HostileRequest => ({
        ...AT_GRAPHQL,
        kind: "as a stream of events",
        headers: { ...JSON_TYPE, accept: "text/event-stream" },
        payload: asJson(body),
      })),
    },
  );
