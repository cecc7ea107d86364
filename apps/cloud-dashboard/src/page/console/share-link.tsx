import { useState } from "react";
import { Button } from "../ui/button.tsx";
import { linkTo } from "./linked-query.ts";

/** Takes a link to the operation along. Variables are not in it. */
export function ShareLink({ text }: { readonly text: string }) {
  const [copied, setCopied] = useState(false);
  const copy = () => {
    void navigator.clipboard.writeText(linkTo(`${location.origin}/graphiql`, text)).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), 2_000);
    });
  };
  return <Button onClick={copy}>{copied ? "Copied" : "Copy link"}</Button>;
}
