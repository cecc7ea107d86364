import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { fakeIo } from "../testing/fake-io.ts";
import { readParameters } from "./parameters.ts";

const io = fakeIo({ input: async () => '{"top":3}' });

async function fileWith(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "weir parameters "));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "p.json"), text);
  return join(folder, "p.json");
}

test("a value that is JSON counts as that, any other as text", async () => {
  const param = ["top=50", "day=2026-01-31", 'code="50"', "list=[1,2]", "empty=", "a=b=c", "no=null"];
  expect(await readParameters(io, { param })).toEqual({
    top: 50,
    day: "2026-01-31",
    code: "50",
    list: [1, 2],
    empty: "",
    a: "b=c",
    no: null,
  });
});

test("a file is the ground that -p is laid over", async () => {
  const parameters = await fileWith('{"top": 10, "minDelay": 5}');
  expect(await readParameters(io, { parameters, param: ["top=20"] })).toEqual({ top: 20, minDelay: 5 });
});

test("__proto__ is a parameter like any other here, for the gate to refuse by name", async () => {
  expect(Object.keys(await readParameters(io, { param: ["__proto__={}"] }))).toEqual(["__proto__"]);
});

test.for([["top"], ["=5"]])("-p %s is a sentence", async ([text = ""]) => {
  await expect(readParameters(io, { param: [text] })).rejects.toThrow(/is no parameter\. Write -p NAME=VALUE/);
});

test("a file that is absent, no JSON, or no object is a sentence that names it", async () => {
  await expect(readParameters(io, { parameters: "/absent.json" })).rejects.toThrow(
    /The parameters in \/absent\.json cannot be read: ENOENT/,
  );
  const broken = await fileWith("{top}");
  await expect(readParameters(io, { parameters: broken })).rejects.toThrow(/p\.json cannot be read/);
  const list = await fileWith("[1]");
  await expect(readParameters(io, { parameters: list })).rejects.toThrow(/p\.json are no JSON object/);
});

test("- reads the object from stdin", async () => {
  expect(await readParameters(io, { parameters: "-" })).toEqual({ top: 3 });
});
