import { ExternalLink } from "lucide-react";
import type { ReactNode } from "react";
import { safeLink } from "./safe-link.ts";

interface CheckedLinkProps {
  readonly url: string;
  readonly children: ReactNode;
}

/** A link that a flow has made: it leads to a website and says to which, or it is shown as text. */
export function CheckedLink({ url, children }: CheckedLinkProps) {
  const link = safeLink(url);
  if (link === null)
    return (
      <span title="It is no link to a website, so it cannot be followed.">
        {children} <code className="font-mono text-[13px] break-all text-muted">{url}</code>
      </span>
    );
  return (
    <span>
      <a href={link.href} target="_blank" rel="noopener noreferrer nofollow" className="underline">
        <bdi>{children}</bdi>
        <ExternalLink size={12} role="img" aria-label="opens another site" className="ml-1 inline-block" />
      </a>{" "}
      <span className="text-muted">({link.host})</span>
    </span>
  );
}
