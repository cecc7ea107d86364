import type { PublicJwk } from "./keys.ts";

/**
 * What goes into a policy file so that things are sealed for somebody too. YAML reads JSON texts as they are, so a name that holds a colon needs
 * no care.
 */
export function recipientLines(name: string, half: PublicJwk): string[] {
  const numbers = half.crv === "P-256" ? `x: "${half.x}", y: "${half.y}"` : `x: "${half.x}"`;
  return [
    "seal:",
    "  recipients:",
    `    - name: ${JSON.stringify(name)}`,
    `      jwk: { kty: ${half.kty}, crv: ${half.crv}, ${numbers} }`,
  ];
}
