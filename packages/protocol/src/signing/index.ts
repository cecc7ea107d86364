/** What is signed of a flow and of the parameters of a run, and how a signature is checked. In Node and in the browser. */
export { jsonDigest, type ParameterDigests } from "./digests.ts";
export { type Opened, openStatement, SIGNATURE_TYPES, signStatement, type Trust, type TrustedSigner } from "./jws.ts";
export { keyIdOf, makeSigningKey, publicHalf, type SigningJwk, signingKeyProblem } from "./keys.ts";
export {
  type FlowStatement,
  flowStatement,
  type ParametersStatement,
  parametersStatement,
  type SignedSchedule,
  type StartedWork,
  type Statement,
} from "./statements.ts";
export { type ClaimedWork, workProblem } from "./work-problem.ts";
