/**
 * The base URL of a cloud.
 * @throws TypeError it is none, or holds a password
 */
export function baseOf(url: string): URL {
  const base = URL.canParse(url) ? new URL(url) : null;
  if (base === null || (base.protocol !== "http:" && base.protocol !== "https:"))
    throw new TypeError(`"${url}" is no URL of a cloud. Give one such as https://weir.example.com.`);
  if (base.username !== "" || base.password !== "")
    throw new TypeError(
      `The URL of the cloud at ${base.host} holds a user or a password. Leave them out and give a key.`,
    );
  return base;
}

/** The same as text, to which Weir's own paths are added. */
export function prefixOf(base: URL): string {
  return `${base.origin}${base.pathname.replace(/\/+$/, "")}`;
}
