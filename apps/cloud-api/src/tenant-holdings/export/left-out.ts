/** Tables of which an export holds nothing, each with the reason. */
export const LEFT_OUT_TABLES: Readonly<Record<string, string>> = {
  idempotency_keys: "answers that are kept for a day, sealed with a key of the cloud",
  login_codes: "digests of one-time codes of signing in",
  user_sessions: "digests of what opens a browser's session",
};

/** Columns that an export leaves out: they are of use to whoever wants to get in, and to nobody else. */
export const LEFT_OUT_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  api_keys: ["hash", "lookup"],
  identity_providers: ["client_secret"],
  invitations: ["token_hash"],
};
