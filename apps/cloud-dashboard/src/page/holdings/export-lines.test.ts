import { expect, test } from "vitest";
import { Refused } from "../cloud/refused.ts";
import { rowsOf } from "./export-lines.ts";

const patience = () => ({ signal: new AbortController().signal, pause: async () => undefined });

async function all<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const row of rows) found.push(row);
  return found;
}

const page = (nodes: readonly number[], endCursor: string | null) => ({
  nodes,
  pageInfo: { hasNextPage: endCursor !== null, endCursor },
});

test("a list is read page after page, from where the one before ended", async () => {
  const asked: (string | null)[] = [];
  const pages = [page([1, 2], "b"), page([3], "c"), page([], null)];
  const read = async (after: string | null) => {
    asked.push(after);
    return pages[asked.length - 1];
  };
  expect(await all(rowsOf(read, patience()))).toEqual([1, 2, 3]);
  expect(asked).toEqual([null, "b", "c"]);
});

test("a page that the cloud is too busy for is asked for again; nothing is left out or told twice", async () => {
  const answers = [page([1], "b"), new Refused("RATE_LIMITED", "later", 1), page([2], null)];
  const read = async () => {
    const answer = answers.shift();
    if (answer instanceof Refused) throw answer;
    return answer;
  };
  expect(await all(rowsOf(read, patience()))).toEqual([1, 2]);
});

test("what is gone meanwhile has no rows", async () => {
  expect(await all(rowsOf(async () => undefined, patience()))).toEqual([]);
});
