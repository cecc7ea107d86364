import { vi } from "vitest";
import { ScopedClient } from "../../database/scoped-pool.ts";
import { currentTenant } from "../../database/tenant-scope.ts";

function textOf(config: unknown): string {
  if (typeof config === "string") return config;
  return (config as { text?: string } | null)?.text ?? "";
}

/**
 * Runs work and answers the texts of the statements that were sent in a tenant's scope meanwhile. What finds out whose credential it is, or makes a
 * connection ready, is sent now and then and has no tenant yet.
 */
export async function statementsOf(tenantId: string, work: () => Promise<unknown>): Promise<string[]> {
  const texts: string[] = [];
  const query: (this: ScopedClient, ...args: unknown[]) => never = Reflect.get(ScopedClient.prototype, "query");
  const spy = vi.spyOn(ScopedClient.prototype, "query").mockImplementation(function sent(this: ScopedClient, ...args) {
    if (currentTenant() === tenantId) texts.push(textOf(args[0]));
    return query.apply(this, args);
  });
  try {
    await work();
    return texts;
  } finally {
    spy.mockRestore();
  }
}
