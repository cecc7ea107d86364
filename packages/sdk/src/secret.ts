import { checkedName } from "./names.ts";
import { keepFromLeaving } from "./secrets/keep-from-leaving.ts";
import { secretProblem, type SecretSource } from "./secrets/source.ts";
import { secretSources } from "./secrets/sources.ts";

/** Options of `secret`. */
export interface SecretOptions {
  /** Looks here instead of where `useSecrets` or the environment say. */
  readonly from?: SecretSource | readonly SecretSource[];
}

function placesOf(name: string, sources: readonly SecretSource[]): string {
  return sources.map((source) => source.place?.(name) ?? `the source of kind ${source.kind}`).join("; or ");
}

/**
 * The value of a secret. Without further words it is the environment variable of that name, or the file that `<NAME>_FILE` names; other
 * places are told by `useSecrets`, by `from`, or by the environment (`SECRETS_DIRECTORY`; `VAULT_ADDR` with `VAULT_KV_PATH`). It never
 * crosses the line: from now on the gate strikes it out of everything that leaves.
 *
 * Ask inside the flow or task that needs it. A value read while a file is loaded is nobody's run, so no gate hears of it.
 * @throws WeirError `SECRET_MISSING` naming all places that were looked at. Never a value.
 * @example const client = connect({ password: await secret("DB_PASSWORD") });
 */
export async function secret(name: string, { from }: SecretOptions = {}): Promise<string> {
  checkedName("secret", name);
  const sources = from === undefined ? secretSources() : [from].flat();
  for (const source of sources) {
    const value = await source.read(name);
    if (value === undefined) continue;
    keepFromLeaving([value]);
    return value;
  }
  throw secretProblem(
    sources.length === 0
      ? `The secret ${name} is not here: there is no source to look in. Name one: useSecrets([envSecrets()]).`
      : `The secret ${name} is not here: set ${placesOf(name, sources)}, where the flow runs.`,
  );
}
