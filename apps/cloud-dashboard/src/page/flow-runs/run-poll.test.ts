import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readPages } from "./run-poll.ts";
import { RunStore } from "./run-store.ts";
import { taskRow } from "./testing/task-row.ts";

beforeEach(() => vi.stubGlobal("sessionStorage", { getItem: () => "weir_u_k" }));
afterEach(() => vi.unstubAllGlobals());

/** A run of seven task runs that the cloud tells two at a time, of which these go on. */
async function polled(from: string | null, open: readonly number[]) {
  const asked: (string | null)[] = [];
  vi.stubGlobal("fetch", (_url: string, { body }: { body: string }) => {
    const { after } = (JSON.parse(body) as { variables: { after: string | null } }).variables;
    asked.push(after);
    const first = Number(after ?? 0) + 1;
    const nodes = [first, first + 1]
      .filter((number) => number <= 7)
      .map((number) => taskRow({ number, state: open.includes(number) ? "Running" : "Success" }));
    const pageInfo = { hasNextPage: first + 1 < 7, endCursor: String(nodes.at(-1)?.number) };
    return Promise.resolve(Response.json({ data: { flowRun: { taskRuns: { nodes, pageInfo } } } }));
  });
  const store = new RunStore((draw) => draw());
  const next = await readPages("r", from, store, new AbortController().signal);
  return { asked, next, read: store.snapshot().taskRuns.length };
}

test("all pages are read, and the next time those before the first that goes on are left out", async () => {
  expect(await polled(null, [4])).toEqual({ asked: [null, "2", "4", "6"], next: "2", read: 7 });
  expect(await polled("2", [6])).toEqual({ asked: ["2", "4", "6"], next: "4", read: 5 });
});

test("the last page is always asked for: more may follow", async () => {
  expect((await polled(null, [])).next).toBe("6");
});
