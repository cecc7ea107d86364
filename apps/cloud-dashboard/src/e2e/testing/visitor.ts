import { eventually } from "@weir/testing";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { expect, onTestFinished } from "vitest";

/** How somebody looks at the pages. */
export interface VisitorOptions {
  /** Where the pages are served; by default by the stage's cloud. */
  readonly url?: string;
  /** Null: nobody is signed in. */
  readonly key?: string | null;
  readonly width?: number;
  readonly theme?: "light" | "dark";
  /** Another tab of the same browser: shares cookies and stored keys. */
  readonly beside?: Visitor;
  /** The cloud is meant to know nobody there: the sign-in is no problem. */
  readonly signedOut?: boolean;
  /** Keeps the bodies of all responses. */
  readonly records?: boolean;
}

/** Something that went over the wire. */
interface RecordedResponse {
  readonly url: string;
  readonly body: string;
}

/**
 * Somebody who looks at the pages. At the test's end it is asserted that nothing went wrong there: no error on the console, no exception, no violation
 * of the policy, no dialog, no request to anywhere but the cloud that served the page.
 */
export interface Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  /** `GET http://…` of each request, also of those that were stopped before they left. */
  readonly requests: readonly string[];
  /** Bodies of all requests. */
  readonly sent: readonly string[];
  /** With `records` only. */
  readonly responses: readonly RecordedResponse[];
  /** What went wrong so far and was not expected. */
  problems(): readonly string[];
  /** What goes wrong on purpose: not a problem where it matches. */
  expects(problem: RegExp): void;
  /** Waits until something went wrong that matches. */
  untilWrong(problem: RegExp): Promise<void>;
  /** Goes to an address and waits until it is there. */
  readonly open: (path: string) => Promise<void>;
  /** Waits until nothing is loading any more. */
  readonly settled: () => Promise<void>;
}

const HEIGHT = 900;
/** Told by the page itself: what the policy stopped, also where the console is silent. */
const TELL_VIOLATIONS = `document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile, lineNumber }) =>
  weirViolation([violatedDirective, blockedURI, sourceFile, lineNumber].join(" ")));`;

/** Opens a page without an address yet; `Stage.visit` goes there too. */
export async function openVisitor(browser: Browser, o: VisitorOptions & { readonly url: string }): Promise<Visitor> {
  const { width = 1280, theme = "light" } = o;
  const context =
    o.beside?.context ?? (await browser.newContext({ viewport: { width, height: HEIGHT }, colorScheme: theme }));
  if (o.beside === undefined) onTestFinished(() => context.close());
  const page = await context.newPage();
  const seen = await watch(page, new URL(o.url).origin, o.records === true);
  if (o.signedOut === true) seen.expects(/^console: Failed to load resource:.*401/);
  let key = o.key ?? null;
  const settled = () => untilSettled(page);
  return {
    page,
    context,
    ...seen,
    settled,
    open: async (path) => {
      // A fragment reaches no server. The page takes the key out of its address at once, and keeps it for this tab.
      await page.goto(`${o.url}${path}${key === null ? "" : `#key=${key}`}`);
      key = null;
      await settled();
    },
  };
}

async function untilSettled(page: Page): Promise<void> {
  await page.locator("h1").first().waitFor();
  await eventually(async () => (await page.getByRole("status", { name: "Loading" }).count()) === 0);
}

async function watch(page: Page, origin: string, records: boolean) {
  const requests: string[] = [];
  const sent: string[] = [];
  const responses: RecordedResponse[] = [];
  const all: string[] = [];
  const expected: RegExp[] = [];
  await page.exposeFunction("weirViolation", (what: string) => void all.push(`policy: ${what}`));
  await page.addInitScript(TELL_VIOLATIONS);
  page.on("request", (request) => {
    requests.push(`${request.method()} ${request.url()}`);
    sent.push(request.postData() ?? "");
    const own = ["data:", "blob:"].some((scheme) => request.url().startsWith(scheme));
    if (!own && new URL(request.url()).origin !== origin) all.push(`request to ${request.url()}`);
  });
  page.on("response", (response) => {
    if (!records) return;
    // A stream has no end to wait for, and a page that is left has no bodies any more.
    response.text().then(
      (body) => responses.push({ url: response.url(), body }),
      () => undefined,
    );
  });
  page.on("console", (message) => {
    if (message.type() === "error") all.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => void all.push(`exception: ${String(error.stack ?? error)}`));
  page.on("dialog", (dialog) => {
    all.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("crash", () => void all.push("the page crashed"));
  const problems = () => all.filter((problem) => !expected.some((pattern) => pattern.test(problem)));
  onTestFinished(() => expect(problems()).toEqual([]));
  return {
    requests,
    sent,
    responses,
    problems,
    expects: (problem: RegExp) => void expected.push(problem),
    untilWrong: (problem: RegExp) => eventually(() => expect(all.join("\n")).toMatch(problem)),
  };
}
