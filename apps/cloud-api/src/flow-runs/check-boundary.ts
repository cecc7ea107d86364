import { BoundaryRequest, LIMITS, Refusal } from "@weir/protocol";
import { Compile } from "typebox/compile";

const REQUEST = Compile(BoundaryRequest);
/** Compact JWS: three parts of base64url. What it signs, only the user's side can tell. */
const SIGNATURE = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+$/;

/** @throws Refusal INVALID unless it names an action that each class takes. */
export function checkBoundary(boundary: unknown): void {
  if (REQUEST.Check(boundary)) return;
  const [error] = REQUEST.Errors(boundary);
  const where = error === undefined || error.instancePath === "" ? "it" : `its ${error.instancePath.slice(1)}`;
  throw new Refusal(
    "INVALID",
    `boundary cannot be taken: ${where} ${error?.message ?? "is no such object"}. It is an object like {"log": "seal"}; \`weir boundary explain\` lists what each class takes.`,
  );
}

/** @throws Refusal INVALID for a text that is no signature, or too long. */
export function checkSignature(signature: string): void {
  if (signature.length <= LIMITS.signatureLength && SIGNATURE.test(signature)) return;
  throw new Refusal(
    "INVALID",
    `signature has ${signature.length} characters and ${SIGNATURE.test(signature) ? "is too long" : "is no compact JWS"}; it takes one of at most ${LIMITS.signatureLength}, as \`weir run --sign\` makes it.`,
  );
}
