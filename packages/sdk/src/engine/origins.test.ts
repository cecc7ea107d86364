import { Readable } from "node:stream";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { run } from "../context/run.ts";
import type { Executor } from "../executors/executor.ts";
import { flow } from "../flow/flow.ts";
import { settle } from "../settle.ts";
import { task } from "../task/task.ts";
import { eventually } from "../testing/eventually.ts";
import { knownAfter, record, type Recorded, RecordingStore } from "../testing/recorded-run.ts";

const use = task("use", (..._values: unknown[]) => 0);

/** What the calls of `use` came from, in order. */
function cameFrom({ runs }: Recorded): (readonly number[])[] {
  const calls = [...runs.values()].filter(({ declared }) => declared.task === "use");
  return calls.map(({ declared }) => declared.upstream ?? []);
}

/** Runs a flow and tells what its calls of `use` came from. */
async function arrows(body: () => unknown): Promise<(readonly number[])[]> {
  const recorded = await record(flow("f", body));
  if (recorded.end.state !== "Success") throw recorded.end.error;
  return cameFrom(recorded);
}

const rows = task("rows", () => [{ id: 1 }, { id: 2 }]);
const tidy = task("tidy", (list: readonly { id: number }[]) => list.filter(({ id }) => id > 0));
const copy = task("copy", (id: number) => ({ id }));

test("load, tidy, store, each awaited: a chain of arrows", async () => {
  const recorded = await record(
    flow("f", async () => {
      const loaded = await rows();
      const clean = await tidy(loaded);
      await use(clean);
    }),
  );
  expect(recorded.find("tidy")?.declared.upstream).toEqual([1]);
  expect(cameFrom(recorded)).toEqual([[2]]);
});

test("an element of an awaited list came from where the list did, also in a list of the flow's own", async () => {
  const body = async () => {
    const list = await rows();
    for (const row of list) await use(row);
    await use(list.filter(({ id }) => id === 2));
    await use({ first: list[0] });
  };
  expect(await arrows(body)).toEqual([[1], [1], [1], [1]]);
});

test("fields of an awaited record came from where the record did, whatever its prototype; one level deep", async () => {
  const both = task("both", () => ({ left: { n: 1 }, right: [{ n: 2 }], count: 2 }));
  const bare = task("bare", () => Object.assign(Object.create(null) as { left?: object }, { left: {} }));
  const body = async () => {
    const { left, right, count } = await both();
    await use(left);
    await use(right);
    await use(right[0]);
    await use(count);
    const { left: other } = await bare();
    await use(other);
    await use(Object.assign(Object.create(null), { left }));
  };
  expect(await arrows(body)).toEqual([[1], [1], [], [], [6], [1]]);
});

test("of what several task runs handed out, the most recent counts", async () => {
  const same = task("same", (value: unknown) => value);
  const body = async () => {
    const list = await rows();
    await use(await same(list));
    const sorted = await tidy(list);
    await use(sorted[0]);
    const first = await same(sorted[0]);
    await use(first);
  };
  expect(await arrows(body)).toEqual([[2], [4], [6]]);
});

test("an element of a map's list came from its child, lists of them from the map", async () => {
  const body = async () => {
    const copies = await copy.map([7, 8, 9]);
    await use(copies);
    await use(copies[1]);
    await use(copies.filter(({ id }) => id > 7));
    await use({ one: copies[2] });
  };
  expect(await arrows(body)).toEqual([[1], [3], [1], [4]]);
});

test("all values of a wide map are known, and a list of them is one arrow", async () => {
  const body = async () => {
    const copies = await copy.map(Array.from({ length: 10_000 }, (_, id) => id));
    await use(copies.at(-1));
    await use([...copies]);
  };
  expect(await arrows(body)).toEqual([[10_001], [1]]);
});

test("the first 200 elements of a list are known by themselves", async () => {
  const many = task("many", () => Array.from({ length: 300 }, (_, id) => ({ id })));
  const body = async () => {
    const list = await many();
    await use(list[199]);
    await use(list[200]);
    await use(list);
  };
  expect(await arrows(body)).toEqual([[1], [], [1]]);
});

test("the first 200 fields of a record are known by themselves", async () => {
  const wide = task("wide", () => Object.fromEntries(Array.from({ length: 300 }, (_, id) => [`f${id}`, { id }])));
  const body = async () => {
    const record = await wide();
    await use(record["f199"]);
    await use(record["f200"]);
  };
  expect(await arrows(body)).toEqual([[1], []]);
});

test("what settle tells came from the run that it is about", async () => {
  const boom = task("boom", () => {
    throw new Error("boom");
  });
  const body = async () => {
    const settled = await settle(rows());
    await use(settled);
    await use(settled.value);
    await use((await settle(boom())).failure);
    const { value, children } = await settle(copy.map([1]));
    await use(value);
    await use(children);
  };
  expect(await arrows(body)).toEqual([[1], [1], [4], [6], [6]]);
});

test("functions, frozen objects and instances of classes have an identity; primitives have none", async () => {
  class Client {
    readonly pool = {};
  }
  const values = [() => 1, Object.freeze({ n: 1 }), new Client(), new Map(), Symbol("s"), "text", 7, null, undefined];
  const nth = task("nth", (n: number): unknown => values[n]);
  const body = async () => {
    for (const n of values.keys()) await use(await nth(n));
  };
  expect(await arrows(body)).toEqual([[1], [3], [5], [7], [], [], [], [], []]);
});

test("a function in hand is not written when a task that takes it is tried again", async () => {
  const make = task("make", () => () => 1);
  const flaky = task("use", { retries: 1, retryDelay: 0 }, (_fn: () => number) => {
    if (run.tryNumber === 1) throw new Error("once");
  });
  const store = new RecordingStore();
  const bare = { checkpoint: false } as const;
  const recorded = await record(
    flow("f", async () => await flaky.with(bare)(await make.with(bare)())),
    { store },
  );
  expect(recorded.end.state).toBe("Success");
  expect(cameFrom(recorded)).toEqual([[1]]);
  expect(recorded.events.filter(({ kind }) => kind === "log")).toEqual([]);
  expect(store.writes).toEqual([]);
});

test("streams and generators are handed on unread", async () => {
  const stream = task("stream", () => Readable.from(["a", "b"]));
  const generator = task("generator", () =>
    (async function* () {
      yield await Promise.resolve(1);
    })(),
  );
  const drain = task("use", async (source: AsyncIterable<unknown>) => {
    const read: unknown[] = [];
    for await (const part of source) read.push(part);
    return read;
  });
  const recorded = await record(flow("f", async () => [await drain(await stream()), await drain(await generator())]));
  expect(cameFrom(recorded)).toEqual([[1], [3]]);
  expect(recorded.end).toMatchObject({ value: [["a", "b"], [1]] });
});

test("to look where a value came from runs none of its code", async () => {
  const deny = () => {
    throw new Error("touched");
  };
  const hostile = new Proxy([{}], { get: deny, getPrototypeOf: deny, ownKeys: deny, getOwnPropertyDescriptor: deny });
  const gone = Proxy.revocable({}, {});
  gone.revoke();
  const goneList = Proxy.revocable([], {});
  goneList.revoke();
  const holder = Object.defineProperty({ list: [] }, "lazy", { enumerable: true, get: deny });
  const make = task("make", () => holder);
  const body = async () => {
    for (const value of [hostile, gone.proxy, goneList.proxy, holder]) await use(value, copy(1));
    const { list } = await make();
    await use(list);
  };
  expect(await arrows(body)).toEqual([[1], [3], [5], [7], [9]]);
});

test("a list that is handed on as a proxy is handed on whole, with the runs in it", async () => {
  const count = task("use", (list: readonly unknown[]) => list.length);
  expect(await arrows(async () => await count(new Proxy([copy(1), 2], {})))).toEqual([[1]]);
});

test("what another place has computed, and what was read again, came from the task run that told it", async () => {
  const elsewhere: Executor = {
    kind: "elsewhere",
    run: async ({ fn, inputs }) => structuredClone<unknown>(await fn(...inputs)),
    close: () => Promise.resolve(),
  };
  const body = async () => {
    const list = await rows.with({ executor: elsewhere })();
    await use(list);
    await use(list[1]);
  };
  const store = new RecordingStore();
  const first = await record(flow("f", body), { store });
  expect(cameFrom(first)).toEqual([[1], [1]]);
  const known = knownAfter(first).filter(({ task: name }) => name !== "use");
  const again = await record(flow("f", body), { store, attempt: 2, known });
  expect(store.reads).toHaveLength(1);
  expect(cameFrom(again)).toEqual([[1], [1]]);
});

test("a value that was found in the cache came from the task run that found it", async () => {
  const cached = task("cached", { cacheFor: "1h", cacheKey: "origins" }, () => ({ n: 1 }));
  const body = async () => await use(await cached());
  expect([await arrows(body), await arrows(body)]).toEqual([[[1]], [[1]]]);
});

test("what a subflow returns came from it, and what it is given from whoever made it", async () => {
  const inner = flow("inner", async ({ list }: { list: { id: number }[] }) => {
    await use(list);
    return await tidy(list);
  });
  const recorded = await record(
    flow("outer", async () => {
      const result = await inner({ list: await rows() });
      await use(result);
    }),
  );
  expect(recorded.find("inner")?.declared.upstream).toEqual([1]);
  expect(cameFrom(recorded)).toEqual([[1], [2]]);
});

test("a value in hand is told, no more: no trigger sees it and its failure is nobody's", async () => {
  const seen: number[] = [];
  const trigger = (upstream: readonly { readonly number: number }[]) => {
    seen.push(...upstream.map(({ number }) => number));
    return true;
  };
  const boom = task("boom", () => {
    throw new Error("boom");
  });
  const body = async () => {
    const outcome = await settle(boom());
    const [row] = await rows();
    await use.with({ trigger })(outcome, row, outcome.failure);
  };
  expect(await arrows(body)).toEqual([[1, 2]]);
  expect(seen).toEqual([]);
});

test("an element in hand keeps neither its list nor the list's task run alive", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const make = task("make", () => [{ id: 1 }, { id: 2 }]);
  const recorded = await record(
    flow("f", async () => {
      const lists: WeakRef<object>[] = [];
      const row = await (async () => {
        const list = await make();
        lists.push(new WeakRef(list));
        return list[0];
      })();
      await eventually(() => {
        collect();
        expect(lists[0]?.deref()).toBeUndefined();
      });
      await use(row);
    }),
  );
  expect(recorded.end.state).toBe("Success");
  expect(cameFrom(recorded)).toEqual([[1]]);
});
