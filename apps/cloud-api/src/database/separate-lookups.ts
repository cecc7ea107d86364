import type { PrismaClient } from "../generated/prisma/client.ts";

type Where = Readonly<Record<string, unknown>>;
type Finder = (args: { where: Where }) => Promise<unknown>;
type Model = Readonly<Record<"findFirst" | "findFirstOrThrow", Finder>>;

/**
 * Prisma joins the look-ups by a unique key (`findUnique`) that are asked for in one turn of the event loop into one statement, which is sent in
 * the scope of the first of them: with requests of two tenants, the second would find nothing. So each is asked for by `findFirst`, which is not
 * joined. What one request asks for many rows goes through `graphql/batches.ts`.
 *
 * Not for transactions of Prisma's own (`$transaction`), which nothing here uses: the look-up would be sent outside of it.
 */
export function separateLookups(prisma: PrismaClient): PrismaClient {
  const model = (name: string): Model => {
    const key = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
    return (prisma as unknown as Readonly<Record<string, Model>>)[key] as Model;
  };
  return prisma.$extends({
    query: {
      $allModels: {
        findUnique: ({ model: name, args }) => model(name).findFirst({ ...args, where: flat(args.where) }),
        findUniqueOrThrow: ({ model: name, args }) =>
          model(name).findFirstOrThrow({ ...args, where: flat(args.where) }),
      },
    },
  }) as unknown as PrismaClient;
}

/** `{ tenantId_id: { tenantId, id } }` as `{ tenantId, id }`. Names of fields have no underscore, those of keys over several fields have. */
function flat(where: Where): Where {
  return Object.fromEntries(
    Object.entries(where).flatMap(([name, value]) =>
      name.includes("_") ? Object.entries(value as Where) : [[name, value] as const],
    ),
  );
}
