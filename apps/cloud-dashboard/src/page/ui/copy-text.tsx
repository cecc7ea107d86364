import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { canCopy, copyText } from "./clipboard.ts";

/** A text that is to be typed or kept elsewhere, and a button that takes it along. */
export function CopyText({ text, label = "Copy" }: { readonly text: string; readonly label?: string }) {
  const [copied, setCopied] = useState(false);
  const copy = () => {
    void copyText(text).then((isCopied) => {
      setCopied(isCopied);
      setTimeout(() => setCopied(false), 2_000);
    });
  };
  return (
    <div className="flex max-w-full items-center gap-2 rounded-md border border-line bg-ground">
      <code className="min-w-0 flex-1 overflow-x-auto px-3 py-1.5 font-mono text-[13px] whitespace-pre" tabIndex={0}>
        {text}
      </code>
      {canCopy && (
        <button
          type="button"
          onClick={copy}
          aria-label={copied ? "Copied" : label}
          className="p-2 text-muted hover:text-ink"
        >
          {copied ? <Check size={15} aria-hidden /> : <Copy size={15} aria-hidden />}
        </button>
      )}
    </div>
  );
}
