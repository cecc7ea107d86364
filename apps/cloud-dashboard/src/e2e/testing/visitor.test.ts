import { afterAll, beforeAll, expect, test } from "vitest";
import { setStage, type Stage } from "./stage.ts";

// What a test of a page relies on: nothing that goes wrong there stays unseen.

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
}, 120_000);
afterAll(() => stage.end());

const STYLE = "const style = document.createElement('style'); style.textContent = 'a {}'; document.head.append(style);";

test.each([
  ["an error on the console", "console.error('too bad')", /console: too bad/],
  ["an exception that nobody caught", "setTimeout(() => { throw new Error('too bad'); })", /exception: Error: too bad/],
  ["a style that the policy stopped", STYLE, /(policy: style-src-elem inline|console: Applying inline style)/],
  [
    "code of a text",
    "setTimeout(() => { try { eval('1'); } catch {} })",
    /(policy: require-trusted-types-for|console: This document requires 'TrustedScript')/,
  ],
  [
    "text that would become a page",
    "try { document.body.innerHTML = '<b>'; } catch {}",
    /(policy: require-trusted-types-for|console: This document requires 'TrustedHTML')/,
  ],
  ["a dialog", "alert('1')", /dialog: 1/],
  [
    "a request to another origin",
    "fetch('http://192.0.2.1/').catch(() => {})",
    /(request to http:\/\/192\.0\.2\.1\/|policy: connect-src|console:.*192\.0\.2\.1)/,
  ],
])("is noticed: %s", async (_what, script, told) => {
  const visitor = await stage.visit("/");
  expect(visitor.problems()).toEqual([]);
  visitor.expects(told);
  await visitor.page.evaluate(`{ ${script} }`);
  await visitor.untilWrong(told);
});
