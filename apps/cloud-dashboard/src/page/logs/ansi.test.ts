import { expect, test } from "vitest";
import { piecesOf, plainText } from "./ansi.ts";

const E = "\u001B";
/** Text of each piece, with what is special about it. */
const told = (text: string) =>
  piecesOf(text).map(({ text: own, ...look }) => [
    own,
    ...Object.entries(look).flatMap(([name, value]) =>
      value === null || value === false ? [] : [value === true ? name : value],
    ),
  ]);

test("colours and looks end where they end", () => {
  expect(told("plain")).toEqual([["plain"]]);
  expect(told(`a ${E}[1;31mred${E}[0m z`)).toEqual([["a "], ["red", "red", "bold"], [" z"]]);
  expect(told(`${E}[3;4;2mx`)).toEqual([["x", "dim", "italic", "underline"]]);
  expect(told(`${E}[91;44mx`)).toEqual([["x", "bright-red", "blue"]]);
});

test("of the 256 colours each is what terminals show", () => {
  expect(told(`${E}[38;5;208mx`)).toEqual([["x", "rgb(255, 135, 0)"]]);
  expect(told(`${E}[38;5;232mx`)).toEqual([["x", "rgb(8, 8, 8)"]]);
  expect(told(`${E}[38;5;3mx`)).toEqual([["x", "yellow"]]);
  expect(told(`${E}[48;2;1;2;3mx`)).toEqual([["x", "rgb(1, 2, 3)"]]);
});

test.each([
  [`${E}]8;;https://evil.example\u0007click${E}]8;;\u0007`, "click"],
  [`${E}]0;title${E}\\x`, "x"],
  [`${E}]0;no end`, ""],
  [`${E}[2J${E}[10;10Hx${E}[K`, "x"],
  [`${E}[?25lx`, "x"],
  [`${E}Pq#0${E}\\x`, "x"],
  [`${E}(Bx`, "Bx"],
  [`x${E}`, "x"],
  [`x${E}[31`, "x31"],
  ["a\u0000\u0008\u007Fb", "ab"],
  ["a\tb\nc", "a\tb\nc"],
  ["a\r\nb", "a\nb"],
  ["50%\r100%", "50%␍100%"],
  ["<b>&amp;</b>", "<b>&amp;</b>"],
])("%j is read as %j: nothing of it moves, hides or links", (text, read) => {
  expect(plainText(text)).toBe(read);
  expect(
    piecesOf(text)
      .map((piece) => piece.text)
      .join(""),
  ).toBe(read);
});

test("a colour is one of those known, whatever a line says", () => {
  for (const code of ["38;5;999", "38;2;1;2", "38;2;999;1;1", "38;5;", "31;url(x)", "38;2;1,1);x:url(;1;1"])
    for (const { colour, ground } of piecesOf(`${E}[${code}mx`))
      for (const value of [colour, ground])
        expect(value ?? "red").toMatch(/^(bright-)?[a-z]+$|^rgb\(\d{1,3}, ?\d{1,3}, ?\d{1,3}\)$/);
});
