/** The one way out: classify, redact, limit, record. */
export { createGate, type Gate } from "./gate.ts";
export type { GateOptions } from "./gate-options.ts";
export { GateError, type GateProblem } from "./gate-error.ts";
export { KeyFileError, readJwkFile, readSecretFile } from "./keys/key-file.ts";
export type { LedgerEntry, LedgerNote } from "./ledger/entry.ts";
export type { Head as LedgerHead } from "./ledger/head.ts";
export { type LedgerFilter, LedgerReadError, readLedger } from "./ledger/read.ts";
export { ledgerFileIn } from "./ledger/segments.ts";
export { type LedgerReport, verifyLedger, type VerifyOptions } from "./ledger/verify.ts";
export type { BodyOf } from "./outgoing.ts";
export {
  contradictions,
  type Decision,
  decisionFor,
  type FlowNeeds,
  type PolicyContext,
} from "./policy/contradictions.ts";
export { type Reason, reasonFor } from "./policy/entries.ts";
export { findPolicy, findPolicyFile, POLICY_FILE, readPolicy } from "./policy/find-policy.ts";
export { PolicyError, type PolicyProblem } from "./policy/policy-error.ts";
export { sealingProblem } from "./policy/sealing.ts";
export { decide, DEFAULT_POLICY, type NamedKey, type Origin, type Policy } from "./policy/policy.ts";
export { REDACTED, Redactor } from "./redaction/redactor.ts";
export { type LogLine, OpenError, type OpenedRun, type RunFacts, type RunScope } from "./run-scope.ts";
export { secretsOfEnvironment } from "./redaction/secrets-of-environment.ts";
export { createSigner, type Signer, type SignerOptions, SigningKeyError } from "./signing/signer.ts";
export type { Deed, Deeds } from "./treatment/deeds.ts";
export { isPseudonym, Keyed } from "./keyed.ts";
export { Dictionary } from "./locations/dictionary.ts";
export { type LogFilter, LogFilterError, loadLogFilter } from "./logs/log-filter.ts";
export type { InsideKey } from "./sealing/recipients.ts";
export { readErrors } from "./withheld/error-log.ts";
export type { WithheldError } from "./withheld/withheld-error.ts";
