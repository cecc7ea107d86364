import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { keygen } from "../seal/keygen.ts";
import { fakeIo } from "../testing/fake-io.ts";
import { exportTrust } from "./export.ts";
import { importTrust } from "./import.ts";
import { findTrust } from "./stored-trust.ts";

/** A folder with an inside key, a reader `ada`, and a policy file that names her. */
async function stage() {
  const cwd = await mkdtemp(join(tmpdir(), "weir trust "));
  onTestFinished(() => rm(cwd, { recursive: true, force: true }));
  const io = fakeIo({ cwd });
  await keygen(io, [], { inside: true, curve: "x25519", out: "inside.json" });
  await keygen(io, [], { curve: "p-256", name: "ada", out: "ada.json" });
  await writeFile(
    join(cwd, "weir.boundary.yaml"),
    "version: 1\nseal: { recipients: [{ name: ada, file: ada.pub.json }] }\n",
  );
  const kidOf = async (file: string) => (JSON.parse(await readFile(join(cwd, file), "utf8")) as { kid: string }).kid;
  return { cwd, kidOf };
}

test("a trust file goes from one person to another, and is found from below its folder", async () => {
  const { cwd, kidOf } = await stage();
  const io = fakeIo({ cwd, env: { WEIR_AGENT_SEAL_KEY_FILE: "inside.json" } });
  expect(await exportTrust(io, [], { out: "out.json" })).toBe(0);
  expect(io.written()).toMatch(
    new RegExp(`inside +inside +${await kidOf("inside.json")}\nreader +ada +${await kidOf("ada.json")}`),
  );
  expect(await readFile(join(cwd, "out.json"), "utf8")).not.toContain('"d"');
  expect(await importTrust(fakeIo({ cwd }), ["out.json"], {})).toBe(0);
  const found = await findTrust({ cwd, env: {} });
  expect([found?.path, found?.trust.inside.kid]).toEqual([join(cwd, "weir.trust.json"), await kidOf("inside.json")]);
  expect(found?.trust.recipients.map(({ name }) => name)).toEqual(["ada"]);
});

test("a trust file that names other keys changes nothing until that is asked for", async () => {
  const { cwd, kidOf } = await stage();
  const env = { WEIR_TRUST_FILE: join(cwd, "kept.json") };
  await exportTrust(fakeIo({ cwd }), [], { inside: "inside.pub.json", out: "one.json" });
  await importTrust(fakeIo({ cwd, env }), ["one.json"], {});
  await keygen(fakeIo({ cwd }), [], { inside: true, curve: "x25519", out: "other.json" });
  await exportTrust(fakeIo({ cwd }), [], { inside: "other.pub.json", out: "two.json" });
  const refused = await importTrust(fakeIo({ cwd, env }), ["two.json"], {}).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: "TRUST_CHANGED", exitCode: 6 });
  expect(String(refused)).toContain(`- inside inside ${await kidOf("inside.json")}`);
  expect(String(refused)).toContain(`+ inside inside ${await kidOf("other.json")}`);
  expect((await findTrust({ cwd, env }))?.trust.inside.kid).toBe(await kidOf("inside.json"));
  const io = fakeIo({ cwd, env });
  await importTrust(io, ["two.json"], { replace: true });
  expect(io.written()).toContain(`+ inside inside ${await kidOf("other.json")}`);
  expect((await findTrust({ cwd, env }))?.trust.inside.kid).toBe(await kidOf("other.json"));
  await importTrust(fakeIo({ cwd, env }), ["two.json"], {});
});

test("export needs the inside key, and never takes a private half along", async () => {
  const { cwd } = await stage();
  await expect(exportTrust(fakeIo({ cwd }), [], { out: "out.json" })).rejects.toThrow(/--inside FILE/);
  const io = fakeIo({ cwd });
  await exportTrust(io, [], { inside: "inside.json", out: "out.json", json: true });
  expect(io.written()).not.toContain('"d"');
});

test("what is no trust file is told, and where", async () => {
  const { cwd } = await stage();
  const fail = async (file: string) => String(await importTrust(fakeIo({ cwd }), [file], {}).catch(String));
  expect(await fail("gone.json")).toMatch(/gone\.json cannot be read \(ENOENT\)/);
  await copyFile(join(cwd, "weir.boundary.yaml"), join(cwd, "no.json"));
  expect(await fail("no.json")).toMatch(/no\.json is no JSON/);
  expect(await fail("ada.pub.json")).toMatch(/ada\.pub\.json has no version/);
  await writeFile(
    join(cwd, "private.json"),
    `{"version":1,"inside":${await readFile(join(cwd, "inside.json"), "utf8")}}`,
  );
  expect(await fail("private.json")).toMatch(/holds the private half too/);
});
