import { expect, test } from "vitest";
import { cleanText, cutText } from "./limits.ts";

test("a short text stays as it is", () => {
  expect(cutText("ok", 100)).toBe("ok");
});

test("a long text is cut visibly, within the limit, between characters", () => {
  const cut = cutText("é".repeat(1_000), 201);
  expect(new TextEncoder().encode(cut).length).toBeLessThanOrEqual(201);
  expect(cut).toMatch(/^é+ … \[cut by Weir: 1799 bytes more\]$/);
});

test("text that Postgres or JSON would refuse is mended", () => {
  expect(cleanText("a\u0000b\uD800c")).toBe("a\uFFFDb\uFFFDc");
});
