import { expect, test } from "vitest";
import { readText } from "./repository.ts";

/** Environment variables that a text names. */
function variables(text: string): string[] {
  return [...new Set(text.match(/\bWEIR_[A-Z_]*[A-Z]/g))].sort();
}

/** One section of docs/operations.md. */
function section(title: string): string {
  return new RegExp(`## ${title}\\n([\\s\\S]*?)\\n## `).exec(readText("docs/operations.md"))?.[1] ?? "";
}

for (const [app, title] of [
  ["cloud-api", "Settings of the cloud"],
  ["agent", "Settings of the agent"],
] as const) {
  test(`${title.toLowerCase()}: docs/operations.md names what config.ts reads, and nothing else`, () => {
    expect(variables(section(title))).toEqual(variables(readText(`apps/${app}/src/config.ts`)));
  });
}

test("the environment is read in one file per app, and in the main file that hands it over", () => {
  for (const app of ["cloud-api", "agent"]) expect(variables(readText(`apps/${app}/src/main.ts`)), app).toEqual([]);
});
