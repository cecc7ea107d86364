import type { Command } from "commander";
import { expect, test } from "vitest";
import { EXIT, EXIT_MEANINGS } from "./exit-codes.ts";
import { buildProgram } from "./program.ts";
import { weir } from "./testing/weir.ts";

const program = buildProgram("0.0.0", () => {});

/** Every command that does something, with the words that call it. */
function leaves(command: Command, words: readonly string[] = []): { words: readonly string[]; command: Command }[] {
  if (command.commands.length === 0) return [{ words, command }];
  return command.commands.flatMap((inner) => leaves(inner, [...words, inner.name()]));
}

function helpOf(command: Command): string {
  let text = "";
  command.configureOutput({ writeOut: (piece) => (text += piece), getOutHelpWidth: () => 100 });
  command.outputHelp();
  return text;
}

const all = leaves(program);

test("the tree holds the verbs of the design", () => {
  const verbs = [
    "demo, dev, login, logout, profiles, register, run",
    "flows list, flows show, flows versions, flows diff, flows archive, flows unarchive, flows set, flows move, flows delete",
    "runs list, runs show, runs logs, runs watch, runs cancel, runs restart, runs pause, runs resume, runs approve, runs set-state",
    "limits list, limits set, limits remove",
    "queue show, queue pause, queue resume, agents list, agents pause, agents resume",
    "keys create, keys list, keys revoke, keys rotate",
    "kv get, kv set, kv list, kv delete",
    "boundary init, boundary check, boundary explain, seal keygen, seal recipients, sign keygen, sign signers",
    "trust export, trust import, ledger show, ledger summary, ledger verify, ledger diff, errors show, errors list",
    "results open, prove, audit list, audit export, audit verify, dashboard, server start, agent start, worker, migrate",
  ];
  expect(all.map(({ words }) => words.join(" ")).join(", ")).toBe(verbs.join(", "));
});

test.for(all)(
  "$words tells what it does, an example that calls it, --json, and its exit codes",
  ({ words, command }) => {
    const help = helpOf(command);
    expect(command.summary()).not.toBe("");
    expect(command.description()).toContain(command.summary().slice(1));
    expect(help).toMatch(new RegExp(`Examples?:\\n  \\$ .*weir ${words.join(" ")}`));
    expect(command.options.map(({ long }) => long)).toContain("--json");
    expect(help).toContain(`Exit codes:\n    0  ${EXIT_MEANINGS.ok}`);
  },
);

test.for(all)("every option and argument of $words is described", ({ command }) => {
  for (const { description, flags } of command.options) expect(description, flags).not.toBe("");
  for (const argument of command.registeredArguments) expect(argument.description, argument.name()).not.toBe("");
});

test("the exit codes are the documented ones", () => {
  expect(EXIT).toEqual({ ok: 0, failed: 1, usage: 2, auth: 3, notFound: 4, network: 5, conflict: 6, interrupted: 130 });
});

test("no line of any help is wider than 100 columns", () => {
  const helps = [program, ...all.map(({ command }) => command)].map((command) => helpOf(command));
  expect(helps.flatMap((help) => help.split("\n")).filter((text) => text.length > 100)).toEqual([]);
});

test("help is told on stdout, with exit code 0", async () => {
  const { code, out, err } = await weir(["runs", "list", "--help"]);
  expect([code, err]).toEqual([0, ""]);
  expect(out).toContain("Usage: weir runs list");
});

test.for([
  [["runs", "lisst"], /unknown command 'lisst'\n\(Did you mean list\?\)\nTry: weir runs --help/],
  [["runs", "show"], /missing required argument 'id'\nTry: weir runs show --help/],
  [["runs", "list", "--limit", "many"], /--limit <number>' argument 'many' is invalid. It takes a whole number from 1/],
  [["keys", "create", "x", "--scope", "root"], /Allowed choices are user, agent/],
  [["run", "flow", "--colour"], /unknown option '--colour'/],
] as const)("%j is told and is exit code 2", async ([args, sentence]) => {
  const { code, err } = await weir(args);
  expect(code).toBe(2);
  expect(err).toMatch(sentence);
});

test("a usage error with --json is a document too", async () => {
  const { code, out } = await weir(["runs", "list", "--limit", "0", "--json"]);
  expect(code).toBe(2);
  expect(JSON.parse(out)).toMatchObject({ error: { code: "USAGE", exitCode: 2 } });
});

test("through `pnpm weir`, files are named from where it was typed", async () => {
  const env = { npm_lifecycle_event: "weir", INIT_CWD: "/somewhere" };
  expect((await weir(["register", "flow.ts"], { env })).err).toContain("There is no file /somewhere/flow.ts");
});
