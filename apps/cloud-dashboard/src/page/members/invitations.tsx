import { useChange } from "../cloud/use-cloud.ts";
import { type MembersPageQuery, RevokeInvitation } from "../generated/operations.ts";
import { useMay } from "../session/viewer.ts";
import { Confirm } from "../ui/confirm.tsx";
import { Panel } from "../ui/panel.tsx";
import { Cell, Table } from "../ui/table.tsx";
import { Ago, useNow } from "../ui/time.tsx";
import { standingOf } from "./invitation-standing.ts";

interface InvitationsProps {
  readonly invitations: MembersPageQuery["invitations"]["nodes"];
}

/** Who was asked to join; absent where nobody was. */
export function Invitations({ invitations }: InvitationsProps) {
  const revoke = useChange(RevokeInvitation, (data) => data.revokeInvitation);
  const may = useMay("member:write");
  const now = useNow(30_000);
  if (invitations.length === 0) return null;
  return (
    <Panel title="Invitations" flush>
      <Table caption="Invitations" head={["Address", "Role", "Made", "Stands", ...(may ? ["Actions"] : [])]}>
        {invitations.map((invitation) => {
          const { id, email, role, createdAt, expiresAt } = invitation;
          const standing = standingOf(invitation, now);
          return (
            <tr key={id}>
              <Cell className="wrap-anywhere">{email}</Cell>
              <Cell>{role}</Cell>
              <Cell>
                <Ago at={createdAt} />
              </Cell>
              <Cell>
                {standing === "open" ? (
                  <>
                    open, ends <Ago at={expiresAt} />
                  </>
                ) : (
                  <span className="text-muted">{standing}</span>
                )}
              </Cell>
              {may && (
                <Cell className="text-right">
                  {standing === "open" && (
                    <Confirm verb="Take back" kind="danger" act={() => revoke.mutateAsync({ id })}>
                      The link that was made for <strong className="wrap-anywhere">{email}</strong> opens nothing any
                      more.
                    </Confirm>
                  )}
                </Cell>
              )}
            </tr>
          );
        })}
      </Table>
    </Panel>
  );
}
