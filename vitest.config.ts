import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "apps/*/src/**/*.test.ts",
      "packages/*/src/**/*.test.ts",
      "examples/**/*.test.ts",
      "bench/src/**/*.test.ts",
      "docs/**/*.test.ts",
    ],
    globalSetup: ["packages/testing/src/global-setup.ts"],
    reporters: ["default", "./packages/testing/src/closing-line-reporter.ts"],
    // Real processes and a real Postgres on two cores: a hang must fail, a slow machine must not.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 20_000,
    maxWorkers: 2,
    typecheck: { enabled: false },
  },
});
