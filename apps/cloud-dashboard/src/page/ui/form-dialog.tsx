import { type FormEvent, type ReactNode, useState } from "react";
import { Button, type ButtonProps } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { Problem } from "./problem.tsx";

interface FormDialogProps {
  /** What the button says, and the one that does it. */
  readonly verb: string;
  /** What the dialog is called, and the button to those who hear the page; absent: as the button. */
  readonly title?: string;
  readonly kind?: ButtonProps["kind"];
  /** Fields with a `name` each. */
  readonly children: ReactNode;
  /** Takes what was typed. What it throws is told in the dialog, which stays open. */
  readonly save: (fields: FormData) => Promise<unknown>;
}

/** A button that opens a small form. */
export function FormDialog({ verb, title = verb, kind = "plain", children, save }: FormDialogProps) {
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await save(new FormData(event.currentTarget));
      setOpen(false);
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  };
  const show = () => {
    setError(null);
    setOpen(true);
  };
  return (
    <>
      <Button kind={kind} aria-description={title === verb ? undefined : title} onClick={show}>
        {verb}
      </Button>
      <Dialog title={title} open={open} close={() => setOpen(false)}>
        <form onSubmit={(event) => void send(event)}>
          {children}
          {error !== null && <Problem error={error} />}
          <div className="mt-4 flex justify-end gap-2">
            <Button onClick={() => setOpen(false)}>Leave it</Button>
            <Button kind={kind === "danger" ? "danger" : "main"} type="submit" busy={busy}>
              {verb}
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}

/** What was typed into a field of a form, without blanks around it; "" where there is no such field. */
export function typed(fields: FormData, name: string): string {
  return typedExactly(fields, name).trim();
}

/** As `typed`, to the last blank: of a password, each counts. */
export function typedExactly(fields: FormData, name: string): string {
  const value = fields.get(name);
  return typeof value === "string" ? value : "";
}
