import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readText, repositoryFiles, root } from "./repository.ts";

const YOURS = /^(packages\/(client|gate|results|sdk|runner)|apps\/(agent|cli))\/src\//;

function sourcesOfYourSide(): string[] {
  return repositoryFiles().filter(
    (path) =>
      YOURS.test(path) &&
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

test("only the client opens connections: no other module of the user's side has a way to", () => {
  const openers =
    /from "(?:node:)?(?:undici|http|https|http2|tls|dgram|dns)"|\bfetch\(|new WebSocket|new EventSource|createConnection\(|net\.connect\(/;
  // A Vault that holds the user's secrets is the user's own: it is asked for them, and nothing of a run goes there.
  const ownServers = ["packages/sdk/src/secrets/vault-request.ts"];
  // The proof looks at the cloud from outside: its recorder stands between an agent and a cloud that it started itself.
  const isProof = (path: string): boolean => path.startsWith("apps/cli/src/prove/");
  const allowed = (path: string): boolean =>
    path.startsWith("packages/client/") || ownServers.includes(path) || isProof(path);
  expect(offenders(openers, allowed)).toEqual([]);
});

test("only the stores of `results` write results", () => {
  expect(offenders(/\bwriteFile(Sync)?\(|createWriteStream\(/, (path) => !path.startsWith("packages/sdk/"))).toEqual(
    [],
  );
});
