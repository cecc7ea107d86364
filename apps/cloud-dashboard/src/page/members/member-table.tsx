import { useChange } from "../cloud/use-cloud.ts";
import { ChangeMemberRole, type MembersPageQuery, RemoveMember } from "../generated/operations.ts";
import { useMay } from "../session/viewer.ts";
import { Confirm } from "../ui/confirm.tsx";
import { Empty } from "../ui/empty.tsx";
import { FormDialog, typed } from "../ui/form-dialog.tsx";
import { Pager } from "../ui/pager.tsx";
import { Cell, Table } from "../ui/table.tsx";
import { Ago } from "../ui/time.tsx";
import { isWithin } from "./rights.ts";
import { RoleSelect } from "./role-select.tsx";
import { useHeld, useRoles } from "./use-rights.ts";

type Member = MembersPageQuery["members"]["nodes"][number];

/** The people of the tenant. */
export function MemberTable({ list: { nodes, pageInfo } }: { readonly list: MembersPageQuery["members"] }) {
  const may = useMay("member:write");
  if (nodes.length === 0)
    return (
      <Empty title="Nobody is a member">
        A cloud that <code>weir dev</code> starts is used with its keys, without people. Invite one, and send the link.
      </Empty>
    );
  return (
    <>
      <Table caption="Members" head={["Person", "Role", "Since", ...(may ? ["Actions"] : [])]}>
        {nodes.map((member) => (
          <tr key={member.id}>
            <Cell>
              <span className="font-medium wrap-anywhere">{member.name ?? member.email}</span>
              {member.name !== null && <span className="block text-muted wrap-anywhere">{member.email}</span>}
            </Cell>
            <Cell>{member.role}</Cell>
            <Cell>
              <Ago at={member.createdAt} />
            </Cell>
            {may && (
              <Cell>
                <Changes member={member} />
              </Cell>
            )}
          </tr>
        ))}
      </Table>
      <Pager page={pageInfo} />
    </>
  );
}

/** Only whoever holds as much decides about a member. */
function Changes({ member: { id, email, role } }: { readonly member: Member }) {
  const change = useChange(ChangeMemberRole, (data) => data.changeMemberRole);
  const remove = useChange(RemoveMember, (data) => data.removeMember);
  const held = useHeld();
  const current = useRoles().find(({ name }) => name === role);
  if (current !== undefined && !isWithin(current.permissions, held))
    return <span className="text-muted">holds more than you</span>;
  return (
    <div className="flex justify-end gap-2">
      <FormDialog
        verb="Change role"
        title={`Change the role of ${email}`}
        save={(fields) => change.mutateAsync({ input: { id, role: typed(fields, "role") } })}
      >
        <RoleSelect current={role} />
        <p className="text-muted">It holds at once. Where it takes something away, the person's API keys end.</p>
      </FormDialog>
      <Confirm verb="Remove" kind="danger" act={() => remove.mutateAsync({ id })}>
        <strong className="wrap-anywhere">{email}</strong> leaves the tenant: the person's sessions and API keys here
        end at once. Runs and history stay.
      </Confirm>
    </div>
  );
}
