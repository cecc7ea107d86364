import { existsSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readText, repositoryFiles, root } from "./repository.ts";

const YOURS = /^(packages\/(client|gate|results|sdk|runner)|apps\/(agent|cli))\/src\//;

/** With what both sides share. */
const WITH_SHARED = new RegExp(`${YOURS.source}|^packages/protocol/src/`);

function sourcesOfYourSide(where = YOURS): string[] {
  return repositoryFiles().filter(
    (path) =>
      where.test(path) &&
      path.endsWith(".ts") &&
      !/\.test\.ts$|\/(testing|conformance)\//.test(path) &&
      existsSync(join(root, path)),
  );
}

/** Examples in docstrings are the user's code, which may do what it likes; types open nothing. */
function withoutComments(source: string): string {
  return source.replaceAll(/^\s*(?:\/?\*|\/\/).*$/gm, "").replaceAll(/^import type .*$/gm, "");
}

/** Sources that hold a pattern, with those that may left out. */
function offenders(pattern: RegExp, allowed: (path: string) => boolean): string[] {
  return sourcesOfYourSide().filter((path) => !allowed(path) && pattern.test(withoutComments(readText(path))));
}

test("only the gate marks bytes as passed", () => {
  expect(offenders(/\bmarkPassed\b/, (path) => path.startsWith("packages/gate/"))).toEqual([]);
});

test("only `weir dashboard` sends what did not pass the gate: what a person's own browser asks", () => {
  const allowed = /^(packages\/client\/src\/|apps\/cli\/src\/dashboard\/dashboard\.ts$)/;
  expect(offenders(/\bopenRelay\b/, (path) => allowed.test(path))).toEqual([]);
});

/** Modules of Node, and packages of others, with which a source can open a connection. */
const CONNECTING =
  /^(net|tls|https?|http2|dgram|dns|dns\/promises|inspector|undici|@aws-sdk\/.+|@azure\/.+|@google-cloud\/.+|bullmq|ioredis)$/;

/** Packages of others that only compute, or print. What else one of them can do is looked for by its name in `waysOut`. */
const COMPUTING = /^(cli-table3|commander|jose|picocolors|pino|pino-pretty|piscina|re2js|typebox|uuid|yaml)(\/|$)/;

/** Every source of the user's side that has a way to open a connection, what it has, and what for. */
const WAYS_OUT: Readonly<Record<string, readonly string[]>> = {
  // The one way to the cloud.
  "packages/client/src/client.ts": ["undici"],
  "packages/client/src/dispatcher.ts": ["undici"],
  "packages/client/src/relay.ts": ["undici"],
  "packages/client/src/sign-in.ts": ["undici"],
  // A Vault that holds the user's secrets is the user's own: it is asked for them, and nothing of a run goes there.
  "packages/sdk/src/secrets/vault-request.ts": ["fetch"],
  // Results in buckets of the user's own.
  "packages/results/src/objects/azure-objects.ts": ["@azure/storage-blob"],
  "packages/results/src/objects/gcs-objects.ts": ["@google-cloud/storage"],
  "packages/results/src/objects/s3-objects.ts": ["@aws-sdk/client-s3"],
  // Tasks that go to workers by a Redis of the user's own.
  "packages/sdk/src/executors/bullmq/redis.ts": ["ioredis"],
  "packages/sdk/src/executors/bullmq/session.ts": ["bullmq"],
  "packages/sdk/src/executors/bullmq/task-worker.ts": ["bullmq"],
  // Wraps the descriptor that a flow's process is started with.
  "packages/sdk/src/child/runner-line.ts": ["net"],
  // Listens on the loopback, for the dashboard of one's own install; what it asks goes by the client's relay.
  "apps/cli/src/dashboard/page-server.ts": ["http"],
  // Listens, and connects to nothing.
  "apps/agent/src/health.ts": ["net"],
  // Listens on the loopback, for the browser that signs in.
  "apps/cli/src/login/loopback.ts": ["http"],
  // The proof looks at the cloud from outside: its recorder stands between an agent and a cloud that it started itself.
  "apps/cli/src/prove/recorder.ts": ["http"],
};

/** Everything that a source imports, or otherwise asks for, for more than its types. */
function importsOf(source: string): string[] {
  const asked =
    /(?:^(?:import|export)\s[^"';]*?\bfrom|^import|\bimport\(|\brequire\(|\bcreateRequire\([\w.]+\)\(|\bgetBuiltinModule\()\s*"(?:node:)?([@\w./-]+)"/gm;
  return [...source.matchAll(asked)].map(([, name = ""]) => name);
}

function waysOut(path: string): string[] {
  const source = withoutComments(readText(path));
  const modules = importsOf(source).filter((name) => CONNECTING.test(name));
  // These need no import of their own; the last is jose's.
  const others = source.matchAll(/\b(fetch|WebSocket|EventSource|process\.binding|createRemoteJWKSet)\(/g);
  return [...new Set([...modules, ...[...others].map(([, name = ""]) => name)])].sort();
}

test("only the client has a way to the cloud: no other source can open connections but these, each for a reason of its own", () => {
  const found = sourcesOfYourSide(WITH_SHARED).map((path) => [path, waysOut(path)] as const);
  expect(Object.fromEntries(found.filter(([, ways]) => ways.length > 0))).toEqual(WAYS_OUT);
});

test("of every package of others it is known whether it can open connections", () => {
  const sources = sourcesOfYourSide(WITH_SHARED).map((path) => withoutComments(readText(path)));
  const packages = sources
    .flatMap(importsOf)
    .filter((name) => !/^[.#]|^@weir\//.test(name) && !isBuiltin(`node:${name}`));
  const known = (name: string): boolean => CONNECTING.test(name) || COMPUTING.test(name);
  expect([...new Set(packages)].filter((name) => !known(name))).toEqual([]);
});

test("only the stores of `results` write results", () => {
  expect(offenders(/\bwriteFile(Sync)?\(|createWriteStream\(/, (path) => !path.startsWith("packages/sdk/"))).toEqual(
    [],
  );
});
