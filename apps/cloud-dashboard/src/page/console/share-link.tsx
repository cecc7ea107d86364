import { useState } from "react";
import { Button } from "../ui/button.tsx";
import { canCopy, copyText } from "../ui/clipboard.ts";
import { linkTo } from "./linked-query.ts";

/** Takes a link to the operation along. Variables are not in it. */
export function ShareLink({ text }: { readonly text: string }) {
  const [copied, setCopied] = useState(false);
  const copy = () => {
    void copyText(linkTo(`${location.origin}/graphiql`, text)).then((isCopied) => {
      setCopied(isCopied);
      setTimeout(() => setCopied(false), 2_000);
    });
  };
  if (!canCopy) return null;
  return <Button onClick={copy}>{copied ? "Copied" : "Copy link"}</Button>;
}
