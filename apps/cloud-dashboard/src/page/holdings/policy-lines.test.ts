import { CLASS_ACTIONS } from "@weir/protocol/boundary-actions";
import { expect, test } from "vitest";
import { actionsOf, DECIDED_CLASSES, type DecidedClass, defaultOf, policyLines, readClasses } from "./policy-lines.ts";

const classes = Object.keys(DECIDED_CLASSES) as DecidedClass[];

test("every class about which a file decides is told, with its default among its actions", () => {
  const undecided = ["metadata", "digest"];
  expect([...classes, ...undecided].toSorted()).toEqual(Object.keys(CLASS_ACTIONS).toSorted());
  for (const dataClass of classes) expect(actionsOf(dataClass)).toContain(defaultOf(dataClass));
});

test("the lines are those of a policy file", () => {
  expect(policyLines({ log: "seal", "run-name": "pseudonym" })).toBe(
    "version: 1\nclasses:\n  log: seal\n  run-name: pseudonym\n",
  );
});

test("choices of an address are read; what a class does not take is left out", () => {
  expect(readClasses("log:seal,parameter:redact,run-name:pseudonym,metadata:drop,constructor:send")).toEqual({
    log: "seal",
    "run-name": "pseudonym",
  });
  expect(readClasses("")).toEqual({});
});
