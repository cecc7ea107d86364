import { allPages, type Cloud, withCloud } from "../connection/cloud.ts";
import type { ExitCode } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { printKey } from "./print-key.ts";

interface Options {
  readonly scope: "user" | "agent";
  readonly role?: string;
  readonly permission?: string[];
  readonly from?: string[];
  readonly serviceAccount?: string;
  readonly expiresInDays?: number;
  readonly json?: boolean;
}

/** `weir keys create NAME`: the key alone on stdout, so that it can go straight into a file; what is said of it on stderr. */
export async function create(io: Io, [name = ""]: readonly string[], options: Options): Promise<ExitCode> {
  const { scope, expiresInDays, role, permission: permissions, from: allowedAddresses } = options;
  const made = await withCloud(io, async (cloud) => {
    const owner = options.serviceAccount;
    const input = {
      name,
      scope,
      ...(expiresInDays !== undefined && { expiresInDays }),
      ...(role !== undefined && { role }),
      ...(permissions !== undefined && { permissions }),
      ...(allowedAddresses !== undefined && { allowedAddresses }),
      ...(owner !== undefined && { serviceAccountId: await serviceAccountId(cloud, owner) }),
    };
    return await cloud.change("CreateApiKey", { input });
  });
  return printKey(io, made, options);
}

async function serviceAccountId(cloud: Cloud, name: string): Promise<string> {
  const all = await allPages(async (page) => (await cloud.ask("ServiceAccounts", page)).serviceAccounts);
  const found = all.find((account) => account.name === name);
  if (found !== undefined) return found.id;
  return (await cloud.change("CreateServiceAccount", { input: { name } })).serviceAccount.id;
}
