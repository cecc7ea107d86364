import { expect, test } from "vitest";
import { keyAction } from "./key-action.ts";
import { MENU } from "./menu.ts";

const press = (key: string, held: object = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, ...held });

test("after g a letter goes to a page, each to another", () => {
  expect(keyAction(press("g"), false)).toEqual({ kind: "begin-go" });
  expect(MENU.map(({ key }) => keyAction(press(key), true))).toEqual(MENU.map(({ to }) => ({ kind: "go", to })));
  expect(keyAction(press("z"), true)).toBeNull();
});

test("alone the same letter does something else, or nothing", () => {
  expect([keyAction(press("k"), false), keyAction(press("r"), false)]).toEqual([{ kind: "previous" }, null]);
});

test("what the browser means with Ctrl, ⌘ or Alt is left to it, but for the palette", () => {
  expect(keyAction(press("K", { metaKey: true }), false)).toEqual({ kind: "palette" });
  expect(keyAction(press("k", { ctrlKey: true }), true)).toEqual({ kind: "palette" });
  expect(keyAction(press("j", { ctrlKey: true }), false)).toBeNull();
  expect(keyAction(press("k", { ctrlKey: true, altKey: true }), false)).toBeNull();
  expect(keyAction(press("r", { altKey: true }), true)).toBeNull();
});

test("names that every object has are no keys", () => {
  expect(keyAction(press("constructor"), false)).toBeNull();
});
