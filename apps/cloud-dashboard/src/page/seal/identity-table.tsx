import type { KeptKey } from "@weir/protocol/seal/browser-keys";
import { useState } from "react";
import { sentenceOf } from "../cloud/refused.ts";
import { Button } from "../ui/button.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Cell, Table } from "../ui/table.tsx";
import { Moment } from "../ui/time.tsx";
import { forgetIdentity, testIdentity } from "./identity.ts";
import { RecipientYaml } from "./recipient-yaml.tsx";

/** The keys of this browser. */
export function IdentityTable({ keys }: { readonly keys: readonly KeptKey[] }) {
  return (
    <Table caption="Keys of this browser" head={["Key", "Curve", "Kept since", ""]}>
      {keys.map((key) => (
        <IdentityRow key={key.kid} identity={key} />
      ))}
    </Table>
  );
}

function IdentityRow({ identity }: { readonly identity: KeptKey }) {
  const { kid, keptAt, half } = identity;
  const [isShown, setShown] = useState(false);
  return (
    <tr>
      <Cell className="font-mono text-[13px] break-all">{kid}</Cell>
      <Cell>{half.crv}</Cell>
      <Cell>
        <Moment at={new Date(keptAt).toISOString()} />
      </Cell>
      <Cell>
        <div className="flex flex-wrap items-center justify-end gap-2">
          <TestKey identity={identity} />
          <Button onClick={() => setShown(true)}>Public half</Button>
          <Confirm verb="Remove" kind="danger" act={() => forgetIdentity(kid)}>
            The key {kid} is removed from this browser. What is sealed for it alone can then be opened with its file
            only.
          </Confirm>
          <Dialog title="Public half" open={isShown} close={() => setShown(false)}>
            <RecipientYaml half={half} />
          </Dialog>
        </div>
      </Cell>
    </tr>
  );
}

function TestKey({ identity }: { readonly identity: KeptKey }) {
  const [outcome, setOutcome] = useState<string | null>(null);
  const test = () => {
    testIdentity(identity).then(
      () => setOutcome("It opens what is sealed for it."),
      (error: unknown) => setOutcome(`It does not work: ${sentenceOf(error)}`),
    );
  };
  return (
    <>
      <span role="status" className="text-muted">
        {outcome}
      </span>
      <Button onClick={test}>Test</Button>
    </>
  );
}
