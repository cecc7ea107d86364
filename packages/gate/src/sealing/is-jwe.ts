const FIELDS: ReadonlySet<string> = new Set(["protected", "iv", "ciphertext", "tag", "recipients"]);

/** Whether a value has the form of a JWE for several recipients, and nothing else beside it: somebody has sealed it already. */
export function isJwe(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { ciphertext, recipients } = value as Record<string, unknown>;
  return (
    typeof ciphertext === "string" && Array.isArray(recipients) && Object.keys(value).every((name) => FIELDS.has(name))
  );
}
