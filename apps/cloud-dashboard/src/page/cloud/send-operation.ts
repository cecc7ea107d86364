import type { RefusalCode } from "@weir/protocol";
import type { Operation } from "./operation.ts";

interface How {
  readonly headers: Record<string, string>;
  readonly signal?: AbortSignal | null;
}

/** The cloud did not know an operation of this page. While one develops, the page's change by the minute, and no cloud knows them. */
let isCloudOlder = import.meta.env.DEV;

/**
 * Sends an operation by its id alone. A cloud that does not know it, since it is older than the page, is sent the text, and from then on
 * nothing else: until the page is loaded again.
 * @throws whatever `fetch` throws
 */
export async function sendOperation<Data, Variables>(
  { name, id, text }: Operation<Data, Variables>,
  variables: Variables,
  { headers, signal = null }: How,
): Promise<Response> {
  const send = (named: object) => {
    const body = JSON.stringify({ ...named, variables, operationName: name });
    return fetch("/graphql", { method: "POST", headers, body, signal });
  };
  if (!isCloudOlder) {
    const response = await send({ extensions: { operationId: id } });
    if (!(await isUnknown(response))) return response;
    isCloudOlder = true;
  }
  return await send({ query: text });
}

async function isUnknown(response: Response): Promise<boolean> {
  if (response.status !== 404) return false;
  const refusal = (await response
    .clone()
    .json()
    .catch(() => null)) as { readonly code?: RefusalCode } | null;
  return refusal?.code === "OPERATION_UNKNOWN";
}
