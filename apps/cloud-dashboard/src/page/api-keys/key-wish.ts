import type { CreateApiKeyInput } from "../generated/operations.ts";

/** What the form asks for, as the cloud takes it. What was left empty is not sent. */
export function readKeyWish(fields: FormData): CreateApiKeyInput {
  const text = (name: string) => {
    const value = fields.get(name);
    return typeof value === "string" ? value.trim() : "";
  };
  const scope = text("scope") === "agent" ? "agent" : "user";
  const networks = text("networks")
    .split(/[\s,]+/)
    .filter(Boolean);
  return {
    name: text("name"),
    scope,
    ...(scope === "user" ? rightsOf(fields, text) : {}),
    ...(text("days") === "" ? {} : { expiresInDays: Number(text("days")) }),
    ...(networks.length === 0 ? {} : { allowedAddresses: networks }),
    ...(text("owner") === "" ? {} : { serviceAccountId: text("owner") }),
  };
}

/** Neither a role nor permissions: what whoever asks may do now. */
function rightsOf(fields: FormData, text: (name: string) => string) {
  if (text("rights") === "role") return { role: text("role") };
  if (text("rights") !== "permissions") return {};
  return { permissions: fields.getAll("permission").filter((value) => typeof value === "string") };
}
