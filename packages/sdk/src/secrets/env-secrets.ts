import { readSecretFile } from "./secret-file.ts";
import { secretProblem, type SecretSource } from "./source.ts";

/**
 * Secrets from the environment: of the variable of the secret's name, or of the file that `<NAME>_FILE` names. An agent hands only those
 * variables over that its `WEIR_AGENT_PASS_ENV` lists.
 * @example useSecrets([envSecrets()]);
 */
export function envSecrets(environment: Readonly<Record<string, string | undefined>> = process.env): SecretSource {
  const fromFile = async (name: string, path: string): Promise<string> => {
    const text = await readSecretFile(path, `The secret ${name}`);
    if (text !== undefined) return text;
    throw secretProblem(`The secret ${name} is not here: ${name}_FILE names ${path}, and there is no such file.`);
  };
  return {
    kind: "env",
    read: async (name) => {
      const file = environment[`${name}_FILE`];
      return environment[name] ?? (file === undefined ? undefined : await fromFile(name, file));
    },
    place: (name) => `the environment variable ${name}, or ${name}_FILE naming a file that holds it`,
  };
}
