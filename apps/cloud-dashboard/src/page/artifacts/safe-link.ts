/** A link that may be followed, and where it leads. */
export interface SafeLink {
  readonly href: string;
  readonly host: string;
}

/**
 * A link that a flow has made, when it leads to a website; null: it is no address, or one that runs something, or one that hides where it leads.
 * @example safeLink("https://grafana.example/d/1") // { href: "https://grafana.example/d/1", host: "grafana.example" }
 */
export function safeLink(text: string): SafeLink | null {
  if (!/^https?:\/\//i.test(text)) return null;
  const url = URL.parse(text);
  // A name before an @ is there to be taken for the host.
  if (url === null || !["http:", "https:"].includes(url.protocol) || url.username !== "" || url.password !== "")
    return null;
  return { href: url.href, host: url.host };
}
