import { useChange } from "../cloud/use-cloud.ts";
import { CreateServiceAccount, DeleteServiceAccount, type KeysPageQuery } from "../generated/operations.ts";
import { useMay } from "../session/viewer.ts";
import { commandHere } from "../ui/command-here.ts";
import { Confirm } from "../ui/confirm.tsx";
import { Empty } from "../ui/empty.tsx";
import { TextField } from "../ui/field.tsx";
import { FormDialog, typed } from "../ui/form-dialog.tsx";
import { Panel } from "../ui/panel.tsx";
import { Cell, Table } from "../ui/table.tsx";
import { Ago } from "../ui/time.tsx";

interface ServiceAccountsProps {
  readonly accounts: KeysPageQuery["serviceAccounts"]["nodes"];
}

/** Programs that own keys, so that these outlive the people who made them. */
export function ServiceAccounts({ accounts }: ServiceAccountsProps) {
  const remove = useChange(DeleteServiceAccount, (data) => data.deleteServiceAccount);
  const may = useMay("key:write");
  return (
    <Panel title="Service accounts" flush actions={may && <Create />}>
      {accounts.length === 0 ? (
        <Empty
          title="No program owns a key"
          command={commandHere("weir keys create nightly --role operator --service-account timer > key")}
        >
          A key of a service account goes on when the person who made it leaves.
        </Empty>
      ) : (
        <Table caption="Service accounts" head={["Name", "Made", ...(may ? ["Actions"] : [])]}>
          {accounts.map(({ id, name, createdAt }) => (
            <tr key={id}>
              <Cell className="font-medium wrap-anywhere">{name}</Cell>
              <Cell>
                <Ago at={createdAt} />
              </Cell>
              {may && (
                <Cell className="text-right">
                  <Confirm verb="Delete" kind="danger" act={() => remove.mutateAsync({ id })}>
                    The service account <strong className="wrap-anywhere">{name}</strong> is gone, and all of its keys
                    are revoked with it.
                  </Confirm>
                </Cell>
              )}
            </tr>
          ))}
        </Table>
      )}
    </Panel>
  );
}

function Create() {
  const create = useChange(CreateServiceAccount, (data) => data.createServiceAccount);
  return (
    <FormDialog
      verb="Make a service account"
      save={(fields) => create.mutateAsync({ input: { name: typed(fields, "name") } })}
    >
      <TextField label="Name" name="name" maxLength={200} placeholder="timer" required hint="Which program it is." />
    </FormDialog>
  );
}
