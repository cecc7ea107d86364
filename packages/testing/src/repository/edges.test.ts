import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readText, repositoryFiles, root, workspacePackages } from "./repository.ts";

/** The edges as the README's table tells them: `| runner | client, gate, protocol |`. */
function edgesOfReadme(): Record<string, string[]> {
  const section = /## Who may import whom\n([\s\S]*?)\n## /.exec(readText("README.md"))?.[1] ?? "";
  const rows = section.matchAll(/^\|\s*`([\w-]+)`\s*\|(.*?)\|/gm);
  return Object.fromEntries(
    [...rows].map(([, name = "", targets = ""]) => [
      name,
      [...targets.matchAll(/`([\w-]+)`/g)].map(([, target = ""]) => target).sort(),
    ]),
  );
}

/** The edges as every package.json declares them. What ships counts: dev dependencies are for tests. */
function edgesOfManifests(): Record<string, string[]> {
  const shipped = workspacePackages().filter(
    ({ folder }) => !folder.startsWith("examples/") && folder !== "packages/testing",
  );
  return Object.fromEntries(
    shipped.map(({ folder, manifest }) => {
      const names = Object.keys({
        ...manifest.dependencies,
        ...manifest.optionalDependencies,
        ...manifest.peerDependencies,
      });
      return [
        folder.split("/")[1] ?? "",
        names
          .filter((name) => name.startsWith("@weir/"))
          .map((name) => name.slice(6))
          .sort(),
      ];
    }),
  );
}

/** Workspace packages that a package's shipped sources import, tests and fixtures left out. */
function importsOf(folder: string): string[] {
  const sources = repositoryFiles().filter(
    (path) =>
      path.startsWith(`${folder}/src/`) && /\.tsx?$/.test(path) && !/\.test\.ts$|\/testing\/|generated\//.test(path),
  );
  const found = sources
    .filter((path) => existsSync(join(root, path)))
    .flatMap((path) =>
      [...readText(path).matchAll(/(?:from|import\()\s*"@weir\/([\w-]+)/g)].map(([, name = ""]) => name),
    );
  return [...new Set(found)].sort();
}

test("the edges between packages are those of the README's table", () => {
  expect(edgesOfManifests()).toEqual(edgesOfReadme());
});

test("no shipped source imports a package that its manifest does not name", () => {
  const allowed = edgesOfManifests();
  for (const { folder } of workspacePackages()) {
    const name = folder.split("/")[1] ?? "";
    if (allowed[name] === undefined) continue;
    expect(
      importsOf(folder).filter((target) => target !== name && !allowed[name]?.includes(target)),
      folder,
    ).toEqual([]);
  }
});

test("the user's side never imports a cloud folder, nor the cloud the user's", () => {
  const yours = ["client", "gate", "results", "sdk", "runner", "agent", "cli"];
  const edges = edgesOfManifests();
  for (const name of yours)
    expect(
      edges[name]?.filter((target) => target.startsWith("cloud-")),
      name,
    ).toEqual([]);
  for (const name of ["cloud-api", "cloud-dashboard"])
    expect(
      edges[name]?.filter((target) => yours.includes(target)),
      name,
    ).toEqual([]);
});

test("nothing imports another package's files past its front door", () => {
  const trespassers = repositoryFiles().filter(
    (path) =>
      /\.tsx?$/.test(path) &&
      existsSync(join(root, path)) &&
      /from "(\.\.\/)+(apps|packages)\/|from "@weir\/[\w-]+\/src\//.test(readText(path)),
  );
  expect(trespassers).toEqual([]);
});
