import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** An entry of the KV engine, version 2. */
export interface FakeVersion {
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly destroyed?: boolean;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const refused = (status: number, ...errors: string[]): Answer => ({ status, body: { errors } });

const lease = { request_id: "5a0e", lease_id: "", renewable: false, lease_duration: 0, wrap_info: null, auth: null };

/**
 * A server with the part of Vault's HTTP API that reads secrets: KV engines of both versions, tokens, namespaces, the seal, a standby that
 * sends to the active node, quotas. Statuses and bodies are those of Vault's documentation and of its own source.
 */
export class FakeVault {
  /** Entries by `mount/path`: of version 1 plain fields, of version 2 with their metadata. */
  readonly v1 = new Map<string, Readonly<Record<string, unknown>>>();
  readonly v2 = new Map<string, FakeVersion>();
  readonly mounts: Record<string, 1 | 2> = { secret: 2, old: 1 };
  readonly requests: { url: string; headers: IncomingMessage["headers"] }[] = [];
  token = "hvs.CAESIJ-the-token";
  namespace: string | undefined = undefined;
  /** Answers this whatever is asked. */
  always: Answer | null = null;
  /** Never answers. */
  silent = false;
  /** Sends half of an answer and stops. */
  breaksOff = false;
  address = "";

  async listen(): Promise<this> {
    const server = createServer((request, response) => this.#serve(request, response));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    this.address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    onTestFinished(async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    });
    return this;
  }

  seal(): void {
    this.always = refused(503, "Vault is sealed");
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    this.requests.push({ url: request.url ?? "", headers: request.headers });
    if (this.silent) return;
    const { status, body, headers = {} } = this.always ?? this.#answer(request);
    const text = typeof body === "string" ? body : JSON.stringify(body);
    response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store", ...headers });
    if (this.breaksOff) response.write(text.slice(0, 5), () => response.destroy());
    else response.end(text);
  }

  #answer({ url = "", headers }: IncomingMessage): Answer {
    if (headers["x-vault-token"] === undefined) return refused(400, "missing client token");
    if (headers["x-vault-token"] !== this.token)
      return refused(403, "2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n");
    if (headers["x-vault-namespace"] !== this.namespace) return refused(403, "permission denied");
    const path = decodeURIComponent(new URL(url, this.address).pathname.replace(/^\/v1\//, ""));
    const mount = Object.keys(this.mounts).find((name) => path.startsWith(`${name}/`));
    if (mount === undefined) return refused(404, `no handler for route "${path}". route entry not found.`);
    return this.mounts[mount] === 1 ? this.#readV1(path) : this.#readV2(mount, path);
  }

  #readV1(path: string): Answer {
    const data = this.v1.get(path);
    if (data === undefined) return refused(404);
    return { status: 200, body: { ...lease, lease_duration: 2_764_800, data, warnings: null } };
  }

  #readV2(mount: string, path: string): Answer {
    const inner = path.slice(mount.length + 1);
    if (!inner.startsWith("data/")) {
      const warnings = ["Invalid path for a versioned K/V secrets engine. See the API docs for the right endpoints."];
      return { status: 404, body: { ...lease, data: null, warnings } };
    }
    const entry = this.v2.get(`${mount}/${inner.slice("data/".length)}`);
    if (entry === undefined) return refused(404);
    const { data, destroyed = false } = entry;
    const gone = data === null && !destroyed ? "2026-11-20T10:00:00.1Z" : "";
    const metadata = { created_time: "2026-11-19T10:00:00.1Z", custom_metadata: null, deletion_time: gone, destroyed };
    return {
      status: data === null ? 404 : 200,
      body: { ...lease, data: { data, metadata: { ...metadata, version: 3 } }, warnings: null },
    };
  }
}
