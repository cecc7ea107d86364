import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import Provider from "oidc-provider";

/** Whom the provider vouches for next. */
export interface Persona {
  readonly sub: string;
  readonly email: string;
  readonly email_verified: boolean;
  readonly name?: string;
}

/** A real provider, on a port of its own. */
export interface TestIdentityProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Goes through the provider's pages as a person who agrees, and answers where it sends the browser back to. */
  agree(location: string, persona: Persona): Promise<URL>;
  stop(): Promise<void>;
}

/** Starts one that knows one client. */
export async function startIdentityProvider(redirectUri: string): Promise<TestIdentityProvider> {
  const personas = new Map<string, Persona>();
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = { clientId: "weir", clientSecret: "a secret of the provider" };
  const provider = new Provider(issuer, {
    clients: [{ client_id: client.clientId, client_secret: client.clientSecret, redirect_uris: [redirectUri] }],
    cookies: { keys: ["a key of the test"] },
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ ...(personas.get(id) as Persona) }),
    }),
  });
  server.on("request", provider.callback());
  return {
    issuer,
    ...client,
    async agree(location, persona) {
      personas.set(persona.sub, persona);
      return await walk(location, persona.sub);
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Follows the provider's redirects and fills in the forms of its own pages, until it sends the browser elsewhere. */
async function walk(location: string, login: string): Promise<URL> {
  const { origin } = new URL(location);
  const cookies = new Map<string, string>();
  let next: { url: string; form?: string } = { url: location };
  while (new URL(next.url).origin === origin) {
    const reply = await fetch(next.url, {
      redirect: "manual",
      headers: {
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; "),
        ...(next.form === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
      },
      ...(next.form === undefined ? {} : { method: "POST", body: next.form }),
    });
    for (const cookie of reply.headers.getSetCookie()) {
      const [pair = ""] = cookie.split(";");
      cookies.set(pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1));
    }
    const to = reply.headers.get("location");
    if (to !== null) {
      next = { url: new URL(to, next.url).href };
      continue;
    }
    const page = await reply.text();
    const [, action = ""] = /action="([^"]+)"/.exec(page) ?? [];
    const [, prompt = ""] = /name="prompt" value="([^"]+)"/.exec(page) ?? [];
    if (action === "") throw new Error(`The provider shows no form: ${reply.status} ${page.slice(0, 500)}`);
    next = {
      url: new URL(action, next.url).href,
      form: new URLSearchParams({ prompt, login, password: "x" }).toString(),
    };
  }
  return new URL(next.url);
}
