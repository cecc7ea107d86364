import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { REFUSALS, type RefusalCode } from "@weir/protocol";
const isRefusalCode = (code: string): code is RefusalCode => Object.hasOwn(REFUSALS, code);

const SOURCES = join(import.meta.dirname, "..", "..", "..");

/** One declaration at the top of a file, with what it names. */
interface Declaration {
  readonly text: string;
  readonly path: string;
}

const BEGINNING =
  /^(?:export )?(?:async )?(?:function\*?|const|class) (\w+)|^builder\.(?:mutation|query|subscription)Field\("(\w+)"/gm;
const IMPORT = /^import (?:\w+, )?\{([^}]+)\} from "(\.[^"]+)";/gm;

/**
 * Which codes the resolver of a root field can refuse with, read from the sources: its own, and those of whatever it calls, function by
 * function. What is said of every operation alike is not in it: the plugins are called by nobody.
 */
export class ReachableRefusals {
  /** By path and name; a root field as `field name`. */
  readonly #declarations = new Map<string, Declaration>();
  /** Of a file, what a name that it imports stands for. */
  readonly #imports = new Map<string, ReadonlyMap<string, string>>();

  constructor() {
    const files = globSync("**/*.ts", { cwd: SOURCES }).filter(
      (path) => !/\.test\.ts$|testing\/|generated\//.test(path),
    );
    for (const path of files) this.#read(path, readFileSync(join(SOURCES, path), "utf8"));
  }

  #read(path: string, text: string): void {
    const beginnings = [...text.matchAll(BEGINNING)];
    for (const [i, { index, 1: name, 2: field }] of beginnings.entries()) {
      const own = text.slice(index, beginnings[i + 1]?.index);
      this.#declarations.set(field === undefined ? `${path} ${name}` : `field ${field}`, { text: own, path });
    }
    const imported = [...text.matchAll(IMPORT)].flatMap(([, names = "", from = ""]) =>
      names.split(",").map((one) => {
        const [name = "", alias] = one.replace("type ", "").trim().split(" as ");
        return [alias ?? name, `${join(dirname(path), from)} ${name}`] as const;
      }),
    );
    this.#imports.set(path, new Map(imported));
  }

  /** Sorted. */
  of(field: string): RefusalCode[] {
    const seen = new Set<string>();
    const codes = new Set<RefusalCode>();
    const open = [`field ${field}`];
    for (let key = open.pop(); key !== undefined; key = open.pop()) {
      const declaration = this.#declarations.get(key);
      if (declaration === undefined || seen.has(key)) continue;
      seen.add(key);
      const { text, path } = declaration;
      for (const [, code = ""] of text.matchAll(/"([A-Z]+(?:_[A-Z]+)*)"/g)) if (isRefusalCode(code)) codes.add(code);
      for (const [name] of text.matchAll(/\b\w+\b/g))
        open.push(this.#imports.get(path)?.get(name) ?? `${path} ${name}`);
    }
    return [...codes].toSorted();
  }
}
