import { flatten, flow, task, unmapped } from "../../index.ts";
import type { Proof } from "../row.ts";
import { cast } from "../support/cast.ts";
import { shakyOf, unkept } from "./persistence.ts";

/** Which inputs of a mapped run's children are written, and when. */
export const PERSISTENCE_OF_MAPS: readonly Proof[] = [
  {
    rule: "persistence.retrying",
    name: "of a child of a map that is tried again, what all children share is written, once",
    flow: (stage) => {
      const { one } = cast(stage);
      return flow("f", async () => {
        await shakyOf(stage)
          .with(unkept)
          .map([1, 2, 3], unmapped(one.with(unkept)()));
      });
    },
    expect: { end: "Success", writes: ["one"] },
  },
  {
    rule: "persistence.retrying",
    name: "of a child of a map that is tried again, the list that it was mapped over is written, once",
    flow: (stage) => {
      const list = task("list", unkept, () => [1, 2, 3]);
      const lists = task("lists", unkept, () => [[1], [2]]);
      return flow("f", async () => {
        await shakyOf(stage).with(unkept).map(list());
        await shakyOf(stage).with(unkept).map(flatten(lists()));
      });
    },
    expect: { end: "Success", writes: ["list", "lists"] },
  },
  {
    rule: "persistence.cache",
    name: "of a child of a map that is cached, what all children share and the list are written, once",
    flow: (stage) => {
      const { one } = cast(stage);
      const list = task("list", unkept, () => [1, 2]);
      const kept = task("kept", { cacheFor: "1h", cacheKey: "k" }, (n: number, _x: unknown) => n);
      return flow("f", async () => {
        await kept.map(list(), unmapped(one.with(unkept)()));
      });
    },
    expect: { end: "Success", writes: ["one", "list", "kept[0]", "kept[1]"] },
  },
  {
    rule: "persistence.only",
    name: "nothing is written: a child of a map succeeds at its first try, its list and what it shares stay where they are",
    flow: (stage) => {
      const { one, pass } = cast(stage);
      const list = task("list", unkept, () => [1, 2]);
      return flow("f", async () => {
        await pass.with(unkept).map(list(), unmapped(one.with(unkept)()));
      });
    },
    expect: { end: "Success", writes: [] },
  },
];
