/** One way of saying no: HTTP status, and whether the same request may succeed later. */
interface RefusalKind {
  readonly status: number;
  readonly retryable: boolean;
}

/**
 * Every refusal of the cloud, on both doors. A refusal carries one of these codes and a sentence that says what happened,
 * to what, why, and what to do next.
 */
export const REFUSALS = {
  UNAUTHENTICATED: { status: 401, retryable: false },
  KEY_EXPIRED: { status: 401, retryable: false },
  KEY_REVOKED: { status: 401, retryable: false },
  SESSION_EXPIRED: { status: 401, retryable: false },
  SECOND_FACTOR_REQUIRED: { status: 401, retryable: false },
  FORBIDDEN: { status: 403, retryable: false },
  NOT_FOUND: { status: 404, retryable: false },
  /** An operation of GraphQL was named by an id that this cloud does not know: it is to be sent as text. */
  OPERATION_UNKNOWN: { status: 404, retryable: false },
  INVALID: { status: 400, retryable: false },
  PARAMETERS_INVALID: { status: 400, retryable: false },
  TOO_LARGE: { status: 413, retryable: false },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, retryable: false },
  AGENT_TOO_OLD: { status: 426, retryable: false },
  CONFLICT: { status: 409, retryable: false },
  STALE_ATTEMPT: { status: 409, retryable: false },
  EVENT_GAP: { status: 409, retryable: false },
  NOT_FINISHED: { status: 409, retryable: false },
  /** The tenant has as much as it may have. */
  QUOTA_EXCEEDED: { status: 409, retryable: false },
  /** The same request, by its idempotency key, is being worked on. */
  IN_PROGRESS: { status: 409, retryable: true },
  /** More was asked for in a short time than one key, tenant or address may ask for. */
  RATE_LIMITED: { status: 429, retryable: true },
  OVERLOADED: { status: 429, retryable: true },
  DATABASE_UNAVAILABLE: { status: 503, retryable: true },
  INTERNAL: { status: 500, retryable: true },
} as const satisfies Record<string, RefusalKind>;

export type RefusalCode = keyof typeof REFUSALS;

/** The JSON body of a refusal on the run door. GraphQL tells the same in its typed errors. */
export interface RefusalBody {
  readonly code: RefusalCode;
  /** A sentence for people. */
  readonly message: string;
  /** With EVENT_GAP: the number of the next event that the cloud expects. */
  readonly expected?: number;
  /** With those that may be asked again: seconds to wait. */
  readonly retryAfterSeconds?: number;
}

/** The cloud saying no, as an exception on either side. Only its code and sentence cross. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly code: RefusalCode;
  readonly expected: number | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: RefusalCode, message: string, details: { expected?: number; retryAfterSeconds?: number } = {}) {
    super(message);
    this.code = code;
    this.expected = details.expected;
    this.retryAfterSeconds = details.retryAfterSeconds;
  }

  get status(): number {
    return REFUSALS[this.code].status;
  }

  get retryable(): boolean {
    return REFUSALS[this.code].retryable;
  }

  toBody(): RefusalBody {
    return {
      code: this.code,
      message: this.message,
      ...(this.expected === undefined ? {} : { expected: this.expected }),
      ...(this.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: this.retryAfterSeconds }),
    };
  }
}
