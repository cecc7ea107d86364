import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type CliStage, setStage } from "../testing/with-cloud.ts";

// Bad input: each a sentence that names the thing, with the exit code of its kind, and nothing half-written.

let stage: CliStage;
beforeAll(async () => {
  stage = await setStage(false);
  await stage.weir(["register", "sum.flow.ts"]);
});
afterAll(() => stage.end());

const ABSENT = "0198c5d2-7f3a-7c11-9d56-3f1b1a2c4d5e";
const deep = (levels: number): string => `${"[".repeat(levels)}${"]".repeat(levels)}`;

test.for([
  [["run", "sum"], 2, /"upTo" is missing/],
  [["run", "sum", "-p", "upTo=many"], 2, /upTo.*(integer|number)/],
  [["run", "sum", "-p", "upTo=1", "-p", "lable=x"], 2, /"lable"/],
  [["run", "sum", "-p", "upTo=1", "-p", "__proto__={}"], 2, /__proto__/],
  [["run", "sum", "-p", `upTo=${deep(10_000)}`], 2, /nested deeper than 64 levels/],
  [["run", "sum", "-p", "top"], 2, /-p "top" is no parameter/],
  [["run", "absent"], 4, /no flow "absent" in the project "default"/],
  [["run", "sum", "--project", "nowhere", "-p", "upTo=1"], 4, /no project "nowhere"/],
  [["register", "sum.flow.ts", "--project", "nowhere"], 4, /no project "nowhere".*add --create-project/],
  [["runs", "show", ABSENT], 4, new RegExp(`no flow run "${ABSENT}"`)],
  [["runs", "watch", ABSENT], 4, new RegExp(`no flow run "${ABSENT}"`)],
  [["runs", "logs", ABSENT], 4, new RegExp(`no flow run "${ABSENT}"`)],
  [["runs", "cancel", ABSENT], 4, new RegExp(ABSENT)],
  [["runs", "restart", ABSENT], 4, new RegExp(ABSENT)],
  [["runs", "show", "12"], 4, /"12" is no id/],
  [["keys", "revoke", ABSENT], 4, new RegExp(ABSENT)],
  [["runs", "list", "--state", "Lost"], 2, /"Lost" is no state. --state takes one of Pending/],
  [["register", "absent.ts"], 2, /There is no file .*absent\.ts/],
  [["register", "syntax.ts"], 2, /syntax\.ts/],
  [["register", "missing.ts"], 2, /absent\.ts/],
  [["register", "none.ts"], 2, /none\.ts exports no flow/],
  [["register", "exits.ts"], 2, /exits\.ts ends the process while it is loaded/],
  [["register", "twins.ts"], 2, /twins\.ts exports two flows named "twin"/],
  [["run", "two.ts"], 2, /two\.ts holds 2 flows: "first", "second"\. Say which one with --flow NAME/],
  [["run", "two.ts", "--flow", "third"], 2, /two\.ts holds no flow "third"/],
] as const)("%j", async ([args, code, sentence]) => {
  const ended = await stage.weir(args);
  expect([ended.code, ended.out]).toEqual([code, ""]);
  expect(ended.err).toMatch(sentence);
  expect(ended.err).not.toMatch(/\n\s+at /);
});

test("parameters over the limit are told before anything is sent", async () => {
  const ended = await stage.weir(["run", "sum", "--parameters", "-"], {
    input: JSON.stringify({ upTo: 1, label: "x".repeat(600_000) }),
  });
  expect([ended.code, ended.err]).toEqual([2, expect.stringMatching(/600\d{3} bytes, and 524288 are allowed/)]);
});

test("after all these refusals there is no run and no other flow", async () => {
  expect(await stage.json(["runs", "list"])).toEqual({ code: 0, flowRuns: [] });
  const { rows } = await stage.cloud.database.pool.query<{ name: string }>("select name from flows order by name");
  expect(rows.map(({ name }) => name)).toEqual(["sum"]);
});

test("an SDK that is not installed is told with the command that installs it", async () => {
  const ended = await stage.weir(["register", "/etc/hostname"]);
  expect([ended.code, ended.err]).toEqual([2, expect.stringContaining("npm install @weir/sdk")]);
});

test("with --json a refusal is a document too, beside the sentence", async () => {
  const { out, err, code } = await stage.weir(["runs", "show", ABSENT, "--json"]);
  expect(code).toBe(4);
  expect(JSON.parse(out)).toEqual({
    error: { code: "NOT_FOUND", message: expect.stringContaining(ABSENT), exitCode: 4 },
  });
  expect(err).toContain(ABSENT);
});

test("a cloud that is not there is exit code 5, and the sentence says where the URL came from", async () => {
  const ended = await stage.weir(["runs", "list"], { env: { WEIR_API_URL: "http://127.0.0.1:1" } });
  expect([ended.code, ended.err]).toEqual([
    5,
    expect.stringMatching(/127\.0\.0\.1:1.*cannot be reached.*came from WEIR_API_URL and WEIR_API_KEY/s),
  ]);
});

test("a URL that is none is exit code 2", async () => {
  const ended = await stage.weir(["runs", "list"], { env: { WEIR_API_URL: "weir.example.com" } });
  expect([ended.code, ended.err]).toEqual([2, expect.stringMatching(/is no URL of a cloud.*came from WEIR_API_URL/)]);
});

test("a page of a proxy instead of the cloud is told as that, exit code 5", async () => {
  const proxy = createServer((_request, response) => {
    response.writeHead(502, { "content-type": "text/html" }).end("<html>Bad gateway</html>");
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void proxy.close());
  await once(proxy, "listening");
  const { port } = proxy.address() as AddressInfo;
  const ended = await stage.weir(["runs", "list"], { env: { WEIR_API_URL: `http://127.0.0.1:${port}` } });
  expect([ended.code, ended.err]).toEqual([5, expect.stringMatching(/502.*text\/html.*proxy/is)]);
});
