import { expect, test } from "vitest";
import { inTurn } from "./in-turn.ts";

test("samples are taken in turn, once a round, whoever is asked first", async () => {
  const heard: string[] = [];
  const sampled = (name: string) => ({
    prepare: async () => void heard.push(`${name} begins`),
    sample: async () => void heard.push(name),
    tidy: async () => void heard.push(`${name} ends`),
  });
  const [young, old] = inTurn([sampled("young"), sampled("old")], 2);
  const round = ["young begins", "old begins", "young", "old", "young", "old", "young ends", "old ends"];
  expect([(await young?.measure())?.length, (await old?.measure())?.length]).toEqual([2, 2]);
  expect(heard).toEqual(round);
  expect([(await old?.measure())?.length, (await young?.measure())?.length]).toEqual([2, 2]);
  expect(heard).toEqual([...round, ...round]);
});
