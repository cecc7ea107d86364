import { StoreError, type StoreFailureCode } from "../store.ts";
import type { Trouble } from "./objects.ts";

type Act = "write" | "read";

interface Explanation {
  readonly applies: (trouble: Trouble) => boolean;
  readonly cause: (act: Act) => string;
  readonly code?: StoreFailureCode;
}

const codes = (...names: string[]) => {
  const set = new Set(names);
  return ({ code }: Trouble) => set.has(code);
};

/** The first that applies is told. */
const EXPLANATIONS: readonly Explanation[] = [
  {
    applies: codes("NoSuchBucket", "ContainerNotFound", "ContainerBeingDeleted", "NoSuchContainer"),
    cause: () => "there is no such bucket. Create it, or name another one",
  },
  {
    applies: (trouble) =>
      codes(
        "InvalidAccessKeyId",
        "SignatureDoesNotMatch",
        "ExpiredToken",
        "InvalidToken",
        "TokenRefreshRequired",
      )(trouble) ||
      codes(
        "CredentialsProviderError",
        "AuthenticationFailed",
        "InvalidAuthenticationInfo",
        "NoCredentials",
      )(trouble) ||
      trouble.status === 401,
    cause: () =>
      "the service does not know who asks: credentials are missing, wrong or expired. Give the store's client valid ones",
  },
  {
    applies: (trouble) => trouble.status === 403,
    cause: (act) =>
      act === "write"
        ? "these credentials may not write there. Grant them the right to put objects, and to read them back"
        : "these credentials may not read there. Grant them the rights to get objects and to list the bucket (without the latter a missing object looks forbidden)",
  },
  {
    applies: (trouble) =>
      trouble.status === 507 || codes("XMinioStorageFull", "QuotaExceeded", "InsufficientStorage", "ENOSPC")(trouble),
    cause: () => "the storage is full. Free space there, and restart the run",
    code: "STORAGE_FULL",
  },
  {
    applies: (trouble) => trouble.status === 429 || trouble.status === 503,
    cause: () => "the service is overloaded and went on refusing. Restart the run later",
  },
  {
    applies: (trouble) => trouble.status === undefined && isNetwork(trouble.code),
    cause: () => "the service cannot be reached. Check the network, the endpoint and the proxy, and restart the run",
  },
];

function isNetwork(code: string): boolean {
  return /^(E(CONN|PIPE|AI_|NOTFOUND|TIMEDOUT|HOST|NET)|ERR_(SSL|TLS)|(Request)?Timeout(Error)?$|REQUEST_SEND_ERROR$|NetworkingError$|FetchError$|AbortError$)/.test(
    code,
  );
}

/** A sentence with bucket and key, the cause and the way out. */
export function objectError(act: Act, location: string, trouble: Trouble, cause: unknown): StoreError {
  const explanation = EXPLANATIONS.find(({ applies }) => applies(trouble));
  const status = trouble.status === undefined ? "" : `HTTP ${trouble.status}, `;
  const said = `(${status}${trouble.code}: ${trouble.message})`;
  const fallback: StoreFailureCode = act === "write" ? "RESULT_WRITE_FAILED" : "RESULT_READ_FAILED";
  const reason = explanation === undefined ? `the service refused it ${said}` : `${explanation.cause(act)} ${said}`;
  const code = act === "write" ? (explanation?.code ?? fallback) : fallback;
  return new StoreError(code, `Could not ${act} the result ${location}: ${reason}.`, { cause });
}

export function vanishedError(location: string): StoreError {
  return new StoreError(
    "RESULT_READ_FAILED",
    `Could not read the result ${location}: there is no such object. It was deleted, by hand or by a lifecycle rule. Bring it back, or start a new run.`,
  );
}
