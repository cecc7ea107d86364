import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { CopyText } from "./copy-text.tsx";
import { Dialog } from "./dialog.tsx";

interface ShownOnceProps {
  readonly title: string;
  /** Null: there is nothing to show. */
  readonly text: string | null;
  readonly close: () => void;
  /** What to do with it. */
  readonly children: ReactNode;
}

/** A secret that the cloud tells once and does not keep. */
export function ShownOnce({ title, text, close, children }: ShownOnceProps) {
  return (
    <Dialog title={title} open={text !== null} close={close}>
      <p className="mb-2 font-medium text-warn">It is shown this once. The cloud cannot tell it again.</p>
      <CopyText text={text ?? ""} />
      <div className="mt-3 space-y-2">{children}</div>
      <div className="mt-4 flex justify-end">
        <Button kind="main" onClick={close}>
          I have kept it
        </Button>
      </div>
    </Dialog>
  );
}
