import type { ComponentProps } from "react";
import Markdown, { type Components } from "react-markdown";
import remarkGfm from "remark-gfm";
import { CheckedLink } from "./checked-link.tsx";

/** Headings of an artifact stand below that of the artifact. */
const Heading = ({ children }: ComponentProps<"h4">) => <h4 className="mt-3 mb-1 font-semibold">{children}</h4>;

const COMPONENTS: Components = {
  h1: ({ children }) => <h4 className="mt-3 mb-1 text-lg font-semibold">{children}</h4>,
  h2: ({ children }) => <h4 className="mt-3 mb-1 text-base font-semibold">{children}</h4>,
  h3: ({ children }) => <Heading>{children}</Heading>,
  h4: ({ children }) => <Heading>{children}</Heading>,
  h5: ({ children }) => <Heading>{children}</Heading>,
  h6: ({ children }) => <Heading>{children}</Heading>,
  p: ({ children }) => <p className="my-2">{children}</p>,
  a: ({ href = "", children }) => <CheckedLink url={href}>{children}</CheckedLink>,
  // The page loads nothing from elsewhere: who looks at an artifact would be seen there.
  img: ({ src, alt = "" }) => (
    <span className="text-muted">
      [picture{alt === "" ? "" : `: ${alt}`} <code className="font-mono text-[13px] break-all">{src ?? ""}</code>]
    </span>
  ),
  ul: ({ children }) => <ul className="my-2 list-disc pl-6">{children}</ul>,
  ol: ({ children }) => <ol className="my-2 list-decimal pl-6">{children}</ol>,
  blockquote: ({ children }) => (
    <blockquote className="my-2 border-l-2 border-line pl-3 text-muted">{children}</blockquote>
  ),
  code: ({ children }) => <code className="rounded bg-raised px-1 font-mono text-[13px]">{children}</code>,
  pre: ({ children }) => (
    <pre className="my-2 overflow-x-auto rounded-md border border-line bg-ground p-2" tabIndex={0}>
      {children}
    </pre>
  ),
  table: ({ children }) => (
    <div className="my-2 overflow-x-auto">
      <table className="border-collapse text-left">{children}</table>
    </div>
  ),
  th: ({ children }) => <th className="border border-line bg-raised px-2 py-1 font-medium">{children}</th>,
  td: ({ children }) => <td className="border border-line px-2 py-1">{children}</td>,
  hr: () => <hr className="my-3 border-line" />,
  input: ({ checked }) => <span>{checked === true ? "☑" : "☐"} </span>,
};

/** Markdown of a flow. HTML in it is shown as text; links are checked by what draws them. */
export default function MarkdownText({ text }: { readonly text: string }) {
  return (
    <div className="max-w-[80ch] break-words">
      <Markdown remarkPlugins={[remarkGfm]} components={COMPONENTS} urlTransform={(url) => url}>
        {text}
      </Markdown>
    </div>
  );
}
