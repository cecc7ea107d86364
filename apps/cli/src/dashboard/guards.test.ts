import type { IncomingHttpHeaders } from "node:http";
import { expect, test } from "vitest";
import { requireOwnHost, requireOwnPage } from "./guards.ts";

const own = { port: 4690, secret: "weir_p_secret" };

test.each(["127.0.0.1:4690", "localhost:4690"])("a request to %s is to us", (host) => {
  expect(() => requireOwnHost({ host }, own)).not.toThrow();
});

test.each([
  undefined,
  "",
  "evil.example:4690",
  "evil.example",
  "127.0.0.1",
  "127.0.0.1:80",
  "localhost:46900",
  "127.0.0.1:4690.evil.example",
  "[::1]:4690",
])("a request to %s is not", (host) => {
  expect(() => requireOwnHost(host === undefined ? {} : { host }, own)).toThrow(
    expect.objectContaining({ code: "FORBIDDEN" }),
  );
});

const good = {
  host: "127.0.0.1:4690",
  origin: "http://127.0.0.1:4690",
  "content-type": "application/json",
  authorization: "Bearer weir_p_secret",
};

test("our page is let in, by either name", () => {
  expect(() => requireOwnPage(good, own)).not.toThrow();
  const byName = { ...good, host: "localhost:4690", origin: "http://localhost:4690" };
  expect(() => requireOwnPage(byName, own)).not.toThrow();
});

test.each<[string, Partial<IncomingHttpHeaders>, string]>([
  ["of another site", { origin: "https://evil.example" }, "FORBIDDEN"],
  ["of another port", { origin: "http://127.0.0.1:4691" }, "FORBIDDEN"],
  ["of a frame without an origin", { origin: "null" }, "FORBIDDEN"],
  ["of something that tells no origin", { origin: undefined }, "FORBIDDEN"],
  ["of our other name", { origin: "http://localhost:4690" }, "FORBIDDEN"],
  ["of a form", { "content-type": "text/plain" }, "UNSUPPORTED_MEDIA_TYPE"],
  ["without the secret", { authorization: undefined }, "UNAUTHENTICATED"],
  ["with a key in its place", { authorization: "Bearer weir_u_key" }, "UNAUTHENTICATED"],
  ["with the beginning of the secret", { authorization: "Bearer weir_p_secre" }, "UNAUTHENTICATED"],
  ["with another secret", { authorization: "Bearer weir_p_secreT" }, "UNAUTHENTICATED"],
])("a question %s is refused", (_what, given, code) => {
  expect(() => requireOwnPage({ ...good, ...given }, own)).toThrow(expect.objectContaining({ code }));
});
