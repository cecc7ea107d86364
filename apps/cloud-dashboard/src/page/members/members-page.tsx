import { useCloud } from "../cloud/use-cloud.ts";
import { MembersPage } from "../generated/operations.ts";
import { Needs } from "../session/needs.tsx";
import { useMay } from "../session/viewer.ts";
import { Loading } from "../ui/loading.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { usePageOfList } from "../ui/pager.tsx";
import { Panel } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { Invitations } from "./invitations.tsx";
import { InviteMember } from "./invite-member.tsx";
import { MemberTable } from "./member-table.tsx";
import { RolePanel } from "./role-panel.tsx";

/** Who works in the tenant, and what they may do. */
export function Page() {
  return (
    <Needs title="Members and roles" permissions={["member:read"]}>
      <Members />
    </Needs>
  );
}

function Members() {
  const { data, error, refetch } = useCloud(MembersPage, usePageOfList(50), { every: 30_000, keep: true });
  const may = useMay("member:write");
  return (
    <>
      <PageHead
        title="Members and roles"
        about="Nobody gives more than they hold: what is not yours to give is not offered."
        actions={may && <InviteMember />}
      />
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      <Panel title="Members" flush>
        {data === undefined ? <Loading rows={4} /> : <MemberTable list={data.members} />}
      </Panel>
      {data !== undefined && <Invitations invitations={data.invitations.nodes} />}
      <RolePanel />
    </>
  );
}
