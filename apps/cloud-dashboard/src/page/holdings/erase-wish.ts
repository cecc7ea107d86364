import type { EraseHoldingsInput } from "../generated/operations.ts";

/** What the form asks to be erased, as the cloud takes it. */
export function readEraseWish(fields: FormData): EraseHoldingsInput {
  const text = (name: string) => {
    const value = fields.get(name);
    return typeof value === "string" ? value.trim() : "";
  };
  const before = text("before");
  return {
    tenantName: text("tenantName"),
    ...(before === "" ? {} : { before: `${before}T00:00:00.000Z` }),
    ...(before === "" && fields.has("flows") ? { flows: true } : {}),
  };
}
