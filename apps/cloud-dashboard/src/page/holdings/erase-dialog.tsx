import { useState } from "react";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Problem } from "../ui/problem.tsx";
import { countText } from "./count-text.ts";
import { EraseForm } from "./erase-form.tsx";
import { useErasing } from "./use-erasing.ts";

const SAID = {
  erasing: "Erasing …",
  over: "Nothing of it is left.",
  stopped: "Stopped: some of it is left. The same again goes on.",
} as const;

/** Erases what the cloud holds, for whoever types the tenant's name. */
export function EraseDialog({ tenant }: { readonly tenant: string }) {
  const [open, setOpen] = useState(false);
  const { phase, erased, error, start, stop, reset } = useErasing();
  const isErasing = phase === "erasing";
  const close = () => {
    stop();
    setOpen(false);
  };
  const show = () => {
    reset();
    setOpen(true);
  };
  return (
    <>
      <Button kind="danger" onClick={show}>
        Erase
      </Button>
      <Dialog title="Erase what the cloud holds" open={open} close={close}>
        {phase === "idle" && <EraseForm tenant={tenant} start={(input) => void start(input)} cancel={close} />}
        {phase !== "idle" && (
          <>
            <p role="status" className="mb-3 tabular-nums">
              {SAID[phase]} {countText(erased?.runs ?? 0, "run")} and {countText(erased?.flows ?? 0, "flow")} were
              erased.
            </p>
            {error !== null && <Problem error={error} />}
            <div className="flex justify-end gap-2">
              {isErasing ? <Button onClick={stop}>Stop</Button> : <Button onClick={close}>Close</Button>}
            </div>
          </>
        )}
      </Dialog>
    </>
  );
}
