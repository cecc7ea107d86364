import { expect, test } from "vitest";
import { secretsOfEnvironment } from "./secrets-of-environment.ts";

test("values whose names look secret, and passwords in URLs, are secrets; paths and short values are none", () => {
  const secrets = secretsOfEnvironment({
    AWS_SECRET_ACCESS_KEY: "aws-secret-key",
    GITHUB_TOKEN: "ghp_0123456789",
    password: "hunter2!",
    DATABASE_URL: "postgres://me:p%40ssword@db/app",
    HOME: "/home/ada",
    PWD: "/home/ada/flows",
    WEIR_AGENT_KEY_FILE: "/run/secrets/agent-key",
    KEYBOARD: "qwertyuiop",
    API_KEY: "short",
    EMPTY_TOKEN: undefined,
  });
  expect(secrets.sort()).toEqual(["aws-secret-key", "ghp_0123456789", "hunter2!", "p%40ssword", "p@ssword"]);
});
