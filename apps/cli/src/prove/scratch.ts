import { appendFileSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Canary } from "./canaries.ts";

/** Where everything of one user's side lies. */
export interface Scratch {
  readonly directory: string;
  /** Folder of the flows' code, with the canaries beside it. */
  readonly code: string;
  readonly flowFile: string;
  readonly results: string;
  readonly agent: string;
  /** Parameters of the first run. */
  readonly parameters: string;
}

/** Lays out the folder of a user: a copy of the scenario's flows, their canaries, and the SDK that the command line itself uses. */
export function layOut(directory: string, canaries: Readonly<Record<string, Canary>>): Scratch {
  const text = (id: string): string => canaries[id]?.text ?? "";
  const code = join(directory, text("config"));
  mkdirSync(join(code, "node_modules", "@weir"), { recursive: true, mode: 0o700 });
  const flows = join(code, "flows");
  cpSync(join(import.meta.dirname, "flows"), flows, { recursive: true, filter: (path) => !path.endsWith(".d.ts") });
  const extension = extname(import.meta.filename);
  // A comment and a text of the source itself; and the line that throws, which Node prints where it can.
  const flowFile = join(flows, `scenario.flow${extension}`);
  writeFileSync(flowFile, readFileSync(flowFile, "utf8").replaceAll("THE_SOURCE", text("source")));
  appendFileSync(join(flows, `planted${extension}`), `// ${text("source")}\nexport const own = "${text("source")}";\n`);
  writeFileSync(join(code, "package.json"), JSON.stringify({ name: "proof", private: true, type: "module" }));
  symlinkSync(sdkFolder(), join(code, "node_modules", "@weir", "sdk"));
  const texts = Object.entries(canaries).map(([id, canary]) => [id, canary.text]);
  writeFileSync(join(code, "canaries.json"), JSON.stringify(Object.fromEntries(texts)), { mode: 0o600 });
  writeFileSync(join(code, text("fileName")), text("fileContent"), { mode: 0o600 });
  const parameters = join(directory, "parameters.json");
  writeFileSync(parameters, JSON.stringify({ given: text("parameter") }), { mode: 0o600 });
  return {
    directory,
    code,
    flowFile,
    results: join(directory, text("location")),
    agent: join(directory, "agent"),
    parameters,
  };
}

/** From `…/sdk/src/index.ts`, or `…/sdk/dist/index.js`. */
function sdkFolder(): string {
  return dirname(dirname(fileURLToPath(import.meta.resolve("@weir/sdk"))));
}
