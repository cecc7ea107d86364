/** The one way out: classify, redact, limit, record. */
export { createGate, type Gate, type GateOptions } from "./gate.ts";
export { GateError, type GateProblem } from "./gate-error.ts";
export { type LedgerEntry, type LedgerReport, verifyLedger } from "./ledger/ledger.ts";
export type { BodyOf } from "./outgoing.ts";
export { decide, DEFAULT_POLICY, type NamedKey, type Origin, type Policy } from "./policy/policy.ts";
export { REDACTED } from "./redaction/redactor.ts";
export { type LogLine, OpenError, type OpenedRun, type RunFacts, type RunScope } from "./run-scope.ts";
export { secretsOfEnvironment } from "./redaction/secrets-of-environment.ts";
export type { Deed, Deeds } from "./treatment.ts";
