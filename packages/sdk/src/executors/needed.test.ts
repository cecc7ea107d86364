import { expect, test } from "vitest";
import { needed } from "./needed.ts";

test("a package that is not installed is named, with what to run", async () => {
  const missing = Object.assign(new Error("Cannot find package 'piscina' imported from /flows/x.ts"), {
    code: "ERR_MODULE_NOT_FOUND",
  });
  await expect(needed("threads()", "piscina", () => Promise.reject(missing))).rejects.toMatchObject({
    code: "EXECUTOR_FAILED",
    message: "threads() needs the package piscina, which is not installed. Run: npm install piscina",
  });
  await expect(needed("threads()", "other", () => Promise.reject(missing))).rejects.toBe(missing);
});
