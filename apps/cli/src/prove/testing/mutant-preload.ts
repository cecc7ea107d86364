// Loaded before a program of the user's side (`node --import`), it takes one step of the gate out: texts of one source are replaced while it is
// read. The working tree stays as it is. A text that is not there, or is there twice, ends the program: a mutant that changes nothing would
// seem to be harmless.
import { registerHooks } from "node:module";
import { mutated } from "./mutated.ts";
import { MUTANTS } from "./mutants.ts";

const name = process.env["WEIR_PROOF_MUTANT"];
const mutant = MUTANTS.find((one) => one.name === name);
if (mutant === undefined) throw new Error(`There is no mutant ${JSON.stringify(name)}.`);

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.endsWith(`/${mutant.file}`)) return loaded;
    return { ...loaded, source: mutated(mutant, sourceText(loaded.source)) };
  },
});

function sourceText(source: unknown): string {
  if (typeof source === "string") return source;
  if (source instanceof Uint8Array || source instanceof ArrayBuffer) return new TextDecoder().decode(source);
  throw new Error("A module that a mutant changes has no text.");
}
