import { CLASS_ACTIONS } from "@weir/protocol";
import { expect, test } from "vitest";
import { checkedBoundary } from "./checked-boundary.ts";
import { flowDefinition } from "./definition.ts";
import { flow } from "./flow.ts";

test("what a flow asks of the gate is part of its definition", () => {
  const boundary = { log: "drop", exception: "id-only", "run-name": "pseudonym" } as const;
  expect(flowDefinition(flow("f", { boundary }, () => 1))?.boundary).toEqual(boundary);
  expect(flowDefinition(flow("f", () => 1))?.boundary).toBeUndefined();
  expect(flowDefinition(flow("f", { boundary: {} }, () => 1))?.boundary).toBeUndefined();
});

test("every action of every class that can be decided about is taken", () => {
  const { metadata: _metadata, digest: _digest, ...decidable } = CLASS_ACTIONS;
  for (const [dataClass, actions] of Object.entries(decidable))
    for (const action of actions)
      expect(checkedBoundary("f", { [dataClass]: action })).toEqual({ [dataClass]: action });
});

test.each([
  [{ logs: "drop" }, '"logs", which is none of parameter, log, exception'],
  [{ metadata: "send" }, '"metadata", which is none of'],
  [{ digest: "pseudonym" }, '"digest", which is none of'],
  [{ log: "id-only" }, 'says log: "id-only"; log takes send, redact, seal, drop.'],
  [{ log: "Drop" }, 'says log: "Drop"'],
  [{ log: true }, "says log: true"],
  [{ constructor: "drop" }, '"constructor", which is none of'],
  ["drop", 'must be an object such as { log: "drop"'],
  [["drop"], "must be an object"],
  [null, "must be an object"],
] as const)("the boundary %j is refused when the flow is defined", (boundary, sentence) => {
  const define = () => flow("pay", { boundary: boundary as never }, () => 1);
  expect(define).toThrow(TypeError);
  expect(define).toThrow(sentence);
  expect(define).toThrow('of the flow "pay"');
});

test("a wrong word does not compile", () => {
  // @ts-expect-error logs take no id-only
  expect(() => flow("f", { boundary: { log: "id-only" } }, () => 1)).toThrow();
  // @ts-expect-error there is no such class
  expect(() => flow("f", { boundary: { logs: "drop" } }, () => 1)).toThrow();
});
