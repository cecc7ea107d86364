import type { FastifyInstance } from "fastify";

/** What came back. */
export interface BrowserAnswer<T = Record<string, unknown>> {
  readonly status: number;
  readonly body: T;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** A browser, as far as cookies and the header `origin` go. */
export interface TestBrowser {
  /** Its cookies, by name. */
  readonly cookies: Map<string, string>;
  /** Sends JSON as a page of the cloud would. */
  post<T = Record<string, unknown>>(
    url: string,
    body: object,
    headers?: Record<string, string>,
  ): Promise<BrowserAnswer<T>>;
  get<T = Record<string, unknown>>(url: string): Promise<BrowserAnswer<T>>;
  /** Asks GraphQL with the session's cookie. */
  ask<T = Record<string, unknown>>(query: string, variables?: object): Promise<T>;
}

const HOST = "weir.example";

/** Opens a browser of its own, without cookies. */
export function openBrowser(app: FastifyInstance, address = "192.0.2.1"): TestBrowser {
  const cookies = new Map<string, string>();
  const send = async (method: "GET" | "POST", url: string, body: object | null, more: Record<string, string> = {}) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = {
      host: HOST,
      ...(method === "POST" ? { origin: `https://${HOST}`, "content-type": "application/json" } : {}),
      ...(cookie === "" ? {} : { cookie }),
      ...more,
    };
    const reply = await app.inject({
      method,
      url,
      headers,
      remoteAddress: address,
      ...(body === null ? {} : { payload: JSON.stringify(body) }),
    });
    for (const { name, value, maxAge } of reply.cookies as { name: string; value: string; maxAge?: number }[]) {
      if (maxAge === 0) cookies.delete(name);
      else cookies.set(name, value);
    }
    const isJson = String(reply.headers["content-type"]).startsWith("application/json");
    return { status: reply.statusCode, body: (isJson ? reply.json() : {}) as never, headers: reply.headers };
  };
  return {
    cookies,
    post: (url, body, headers) => send("POST", url, body, headers),
    get: (url) => send("GET", url, null),
    async ask<T>(query: string, variables?: object) {
      const { body } = await send("POST", "/graphql", { query, variables });
      const { data, errors } = body as { data?: T; errors?: unknown };
      if (errors !== undefined || data === undefined) throw new Error(JSON.stringify(body));
      return data;
    },
  };
}
