import { type ReactNode, useState } from "react";
import { Button, type ButtonProps } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { Problem } from "./problem.tsx";

interface ConfirmProps {
  /** What the button says, and the one that does it. */
  readonly verb: string;
  /** What will happen, to what. */
  readonly children: ReactNode;
  readonly act: () => Promise<unknown>;
  readonly kind?: ButtonProps["kind"];
  readonly disabled?: boolean;
}

/** A button that asks before it acts, and tells why where it could not. */
export function Confirm({ verb, children, act, kind = "plain", disabled = false }: ConfirmProps) {
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const confirm = async () => {
    setBusy(true);
    setError(null);
    try {
      await act();
      setOpen(false);
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button kind={kind} disabled={disabled} onClick={() => setOpen(true)}>
        {verb}
      </Button>
      <Dialog title={verb} open={open} close={() => setOpen(false)}>
        <div className="mb-4">{children}</div>
        {error !== null && <Problem error={error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={() => setOpen(false)}>Leave it</Button>
          <Button kind={kind === "danger" ? "danger" : "main"} busy={busy} onClick={() => void confirm()}>
            {verb}
          </Button>
        </div>
      </Dialog>
    </>
  );
}
