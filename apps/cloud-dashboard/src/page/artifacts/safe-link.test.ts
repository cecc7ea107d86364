import { expect, test } from "vitest";
import { safeLink } from "./safe-link.ts";

test("a link to a website says where it leads", () => {
  expect(safeLink("https://grafana.example/d/1?day=2#top")).toEqual({
    href: "https://grafana.example/d/1?day=2#top",
    host: "grafana.example",
  });
  expect(safeLink("HTTP://a.example:8080")?.host).toBe("a.example:8080");
  // Letters that look like others are told as what they are.
  expect(safeLink("https://аррӏе.example/")?.host).toBe("xn--80ak6aa92e.example");
});

test.each([
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  " javascript:alert(1)",
  "java\nscript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "vbscript:x",
  "file:///etc/passwd",
  "blob:https://a.example/1",
  "//a.example",
  "/runs",
  "#x",
  "mailto:a@b.example",
  "https://grafana.example@evil.example/",
  "https://a:b@evil.example/",
  "https://",
  "https:evil.example",
  "",
  "weir",
])("%j is no link to follow", (text) => expect(safeLink(text)).toBeNull());
