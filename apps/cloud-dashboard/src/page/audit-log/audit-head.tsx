import type { AuditPageQuery } from "../generated/operations.ts";
import { commandHere } from "../ui/command-here.ts";
import { CopyText } from "../ui/copy-text.tsx";
import { Panel } from "../ui/panel.tsx";

/** The head of the chain, and how to check all of it without trusting this page. */
export function AuditHead({ head: { sequence, hash } }: { readonly head: AuditPageQuery["auditHead"] }) {
  const noted = `${sequence}:${hash}`;
  return (
    <Panel title="Check it yourself">
      <p className="mb-2">
        The head of the chain now. Note it where whoever runs the cloud cannot write: a log that was cut off or written
        anew no longer leads to it.
      </p>
      <CopyText text={noted} label="Copy the head" />
      <p className="mt-4 mb-2">Computes all hashes on your machine, and compares them with the head that you noted:</p>
      <CopyText text={commandHere(`weir audit verify --expect ${noted}`)} label="Copy the command" />
      <p className="mt-4 mb-2">Keeps the whole log as a file, and checks the file by itself:</p>
      <CopyText
        text={commandHere("weir audit export > audit.ndjson\nweir audit verify --file audit.ndjson")}
        label="Copy the commands"
      />
    </Panel>
  );
}
