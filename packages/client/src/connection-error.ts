/** Why no usable answer came. Which of them are worth another try stands in `retryable.ts`. */
export type ConnectionProblem =
  | "UNREACHABLE"
  | "TIMED_OUT"
  | "NOT_WEIR"
  | "REPLY_TOO_LARGE"
  | "REPLY_INVALID"
  | "REDIRECTED"
  | "ABORTED";

/** No usable answer of the cloud: the line broke, or something else than Weir answered. The cloud saying no is a `Refusal` instead. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
  readonly code: ConnectionProblem;
  /** HTTP status of what answered, if anything did. */
  readonly status: number | undefined;
  /** Seconds that whoever answered asks to wait. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ConnectionProblem,
    message: string,
    details: { cause?: unknown; status?: number | undefined; retryAfterSeconds?: number | undefined } = {},
  ) {
    super(message, { cause: details.cause });
    this.code = code;
    this.status = details.status;
    this.retryAfterSeconds = details.retryAfterSeconds;
  }
}

/** GraphQL answered with errors instead of data. */
export class GraphqlError extends Error {
  override readonly name = "GraphqlError";
  readonly messages: readonly string[];

  constructor(messages: readonly string[]) {
    super(messages.join("\n"));
    this.messages = messages;
  }
}

const REASONS: Record<string, string> = {
  ECONNREFUSED: "nothing listens there (ECONNREFUSED). Check that the cloud runs, and the URL",
  ENOTFOUND: "the host's name is not known (ENOTFOUND). Check the URL and this machine's DNS",
  EAI_AGAIN: "the host's name cannot be looked up now (EAI_AGAIN). Check this machine's network",
  ECONNRESET: "the connection was cut (ECONNRESET)",
  UND_ERR_SOCKET: "the connection was closed before an answer came",
  UND_ERR_CONNECT_TIMEOUT: "no connection within the time allowed. Check firewall and proxy",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is signed by itself. Give the CA's certificate as `ca`",
  SELF_SIGNED_CERT_IN_CHAIN:
    "its certificate comes from a CA that is not known here. Give that CA's certificate as `ca`",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate cannot be verified. Give its CA's certificate as `ca`",
  CERT_HAS_EXPIRED: "its certificate has expired",
};

const TIMEOUTS: ReadonlySet<string> = new Set(["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"]);

function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : undefined;
}

/** Whether undici gave up waiting, as opposed to the line being broken. */
export function isTimeout(error: unknown): boolean {
  return TIMEOUTS.has(codeOf(error) ?? "");
}

/** The sentence about a connection that failed. Never holds headers: they carry the token. */
export function unreachable(url: string, error: unknown): ConnectionError {
  const code = codeOf(error);
  const reason = (code && REASONS[code]) ?? (error instanceof Error ? error.message : String(error));
  return new ConnectionError("UNREACHABLE", `The cloud at ${url} cannot be reached: ${reason}.`, { cause: error });
}
