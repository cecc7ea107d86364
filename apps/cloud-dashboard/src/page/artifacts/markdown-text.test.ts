import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import MarkdownText from "./markdown-text.tsx";

const htmlOf = (text: string) => renderToStaticMarkup(createElement(MarkdownText, { text }));

test("Markdown is laid out, with tables and boxes, and its headings stand below those of the page", () => {
  const html = htmlOf("# Orders\n\n| n | price |\n|---|---|\n| 1 | 10 |\n\n- [x] **done**\n\n~~old~~");
  for (const part of ["<h4", "<table", "<td", "<strong>done</strong>", "<del>old</del>", "☑"])
    expect(html).toContain(part);
  expect(html).not.toMatch(/<h[1-3]|<input/);
});

test("a link leads to a website only, says which, and tells it nothing", () => {
  const html = htmlOf("[here](https://a.example/x)");
  expect(html).toContain('href="https://a.example/x"');
  expect(html).toContain('rel="noopener noreferrer nofollow"');
  expect(html).toContain("(a.example)");
  expect(htmlOf("<https://evil@a.example/>")).not.toContain("href");
});

const HOSTILE = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "![x](https://a.example/x.png)",
  "![x](data:image/svg+xml,<svg onload=alert(1)>)",
  "![x][r]\n\n[r]: https://a.example/x.png 'onerror=alert(1)'",
  "[a](javascript:alert(1))",
  "[a](JaVaScRiPt&colon;alert(1))",
  "[a](  javascript:alert(1))",
  "[a](java&Tab;script:alert(1))",
  "[a](vbscript:x) [b](data:text/html,x) [c](file:///x) [d](//a.example) [e](/runs) [f](#x)",
  "[a][r]\n\n[r]: javascript:alert(1)",
  "<javascript:alert(1)>",
  "<iframe src=https://a.example></iframe><object data=x></object><svg/onload=alert(1)>",
  "<style>*{display:none}</style><base href=//a.example><meta http-equiv=refresh content=0>",
  "<form action=//a.example><input name=x autofocus onfocus=alert(1)></form>",
  "`<b onclick=alert(1)>`\n\n```html\n<script>alert(1)</script>\n```",
  "[x]: <javascript:alert(1)>\n\n[x]",
  "a[^1]\n\n[^1]: <img src=x onerror=alert(1)> [b](javascript:alert(1))",
  '[a](https://a.example/" onmouseover="alert(1))',
  "| a |\n|---|\n| <script>alert(1)</script> |",
];

test.each(HOSTILE)("%j runs nothing and loads nothing", (text) => {
  const html = htmlOf(text);
  const tags = html.match(/<[^>]*>/g) ?? [];
  expect(tags.filter((tag) => /^<\/?(script|img|iframe|object|style|base|meta|form|input|link)\b/i.test(tag))).toEqual(
    [],
  );
  expect(tags.filter((tag) => /\son\w+=/i.test(tag.replaceAll(/"[^"]*"/g, '""')))).toEqual([]);
  const addresses = [...html.matchAll(/<[^>]*\s(?:href|src|action|data)="([^"]*)"/g)].map(([, address]) => address);
  expect(addresses.filter((address) => !address?.startsWith("https://a.example/"))).toEqual([]);
});
