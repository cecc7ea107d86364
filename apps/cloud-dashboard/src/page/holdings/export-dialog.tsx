import { useState } from "react";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Problem } from "../ui/problem.tsx";
import { countText } from "./count-text.ts";
import { useExport } from "./use-export.ts";

/** Takes along all that the cloud holds, as a file. */
export function ExportDialog({ tenant }: { readonly tenant: string }) {
  const [open, setOpen] = useState(false);
  const exporting = useExport();
  const { phase, error, start, stop, reset } = exporting;
  const close = () => {
    reset();
    setOpen(false);
  };
  return (
    <>
      <Button onClick={() => setOpen(true)}>Export</Button>
      <Dialog title="Export what the cloud holds" open={open} close={close}>
        <p className="mb-3">
          One file with a JSON document a line: every row of every table that is yours, as the cloud has it. What is
          sealed stays sealed; hashes of keys and passwords are left out, and the first line names them. Its last line
          says how many rows there were.
        </p>
        {error !== null && <Problem error={error} />}
        {phase !== "idle" && <Progress exporting={exporting} />}
        <div className="flex flex-wrap justify-end gap-2">
          {phase === "idle" && (
            <Button kind="main" onClick={() => void start()}>
              Gather it
            </Button>
          )}
          {phase === "exporting" && <Button onClick={stop}>Stop</Button>}
          {exporting.file !== null && (
            <a
              href={exporting.file}
              download={`weir-${tenant.replaceAll(/[^\w.-]+/g, "-")}.ndjson`}
              className="inline-flex min-h-8 items-center rounded-md bg-accent px-3 py-1 font-medium text-on-accent hover:no-underline"
            >
              Save the file
            </a>
          )}
          <Button onClick={close}>Close</Button>
        </div>
      </Dialog>
    </>
  );
}

const SAID = {
  idle: "",
  exporting: "Gathering … ",
  stopped: "Stopped. ",
  cut: "It was cut off before its end: the cloud ended it, or your right to it did. ",
  over: "All of it is in the file. ",
} as const;

function Progress({ exporting: { phase, rows, bytes } }: { readonly exporting: ReturnType<typeof useExport> }) {
  return (
    <p role="status" className="mb-3 tabular-nums">
      {SAID[phase]}
      {countText(rows, "row")}, {(bytes / 1024 / 1024).toFixed(1)} MiB.
    </p>
  );
}
