import { realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { readSecretFile } from "./secret-file.ts";
import { secretProblem, type SecretSource } from "./source.ts";

/** Options of `fileSecrets`. */
export interface FileSecretsOptions {
  /** Directory with one file per secret, of the secret's name. Default: `/run/secrets`, where Docker puts them. */
  readonly directory?: string;
}

/** One name of one file: no separators, no `..`, and not what Kubernetes keeps for itself (`..data`). */
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;

async function realPath(path: string): Promise<string | undefined> {
  return await realpath(path).catch(() => undefined);
}

/**
 * Where the file truly lies. Kubernetes' files are links within their directory; one that leads out of it, somebody has put there.
 * Undefined when there is none.
 */
async function pathWithin(directory: string, name: string): Promise<string | undefined> {
  const [root, path] = await Promise.all([realPath(directory), realPath(join(directory, name))]);
  if (root === undefined || path === undefined) return undefined;
  if (path.startsWith(root.endsWith(sep) ? root : `${root}${sep}`)) return path;
  throw secretProblem(
    `The secret ${name} is not read: ${join(directory, name)} is a link that leads out of ${directory}. Put the file itself there.`,
  );
}

/**
 * Secrets from a directory with one file each, as Docker and Kubernetes mount them. The file is read each time, so a secret that was
 * replaced there is seen.
 * @example useSecrets([fileSecrets({ directory: "/etc/secrets" })]);
 */
export function fileSecrets({ directory = "/run/secrets" }: FileSecretsOptions = {}): SecretSource {
  return {
    kind: "file",
    read: async (name) => {
      // Such a name can be a secret elsewhere (`orders/db#password` in Vault), so it is no mistake to ask.
      if (!NAME.test(name)) return undefined;
      const path = await pathWithin(directory, name);
      return path === undefined ? undefined : await readSecretFile(path, `The secret ${name}`);
    },
    place: (name) =>
      NAME.test(name) ? `the file ${join(directory, name)}` : `${directory}, which can hold no file of that name`,
  };
}
