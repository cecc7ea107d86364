/** The one place on the user's side that knows URL, proxy, token and retries. */
export { createClient, type ClientOptions, type CloudClient, type SendOptions } from "./client.ts";
export { ConnectionError, GraphqlError, type ConnectionProblem } from "./connection-error.ts";
export { askedToWaitSeconds, backoff, isRetryable } from "./retryable.ts";
export { openRelay, type Relay, type RelayedReply } from "./relay.ts";
export { signIn, signOut } from "./sign-in.ts";
export type { ReplyOf } from "./run-door-reply.ts";
