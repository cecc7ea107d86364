import { useCloud } from "../cloud/use-cloud.ts";
import { AuditPage } from "../generated/operations.ts";
import { Needs } from "../session/needs.tsx";
import { Loading } from "../ui/loading.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { usePageOfList } from "../ui/pager.tsx";
import { Panel } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { useSearchTexts } from "../ui/search-texts.ts";
import { useActorNames } from "./actor-names.ts";
import { AuditEntry } from "./audit-entry.tsx";
import { filterOf } from "./audit-filter.ts";
import { AuditFilters } from "./audit-filters.tsx";
import { AuditHead } from "./audit-head.tsx";
import { AuditTable } from "./audit-table.tsx";

/** Who did what, and what was refused. */
export function Page() {
  return (
    <Needs title="Audit log" permissions={["audit:read"]}>
      <Log />
    </Needs>
  );
}

function Log() {
  const [{ entry, ...texts }, change] = useSearchTexts("action", "actor", "outcome", "from", "until", "entry");
  const variables = { ...usePageOfList(50), filter: filterOf(texts) };
  const { data, error, refetch } = useCloud(AuditPage, variables, { every: 15_000, keep: true });
  const names = useActorNames();
  const sequence = Number(entry);
  return (
    <>
      <PageHead
        title="Audit log"
        about="Who did what, and what was refused. Entries are neither changed nor removed; each holds the hash of the one before."
      />
      <AuditFilters names={names} known={data?.auditLog.nodes ?? []} />
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      {Number.isSafeInteger(sequence) && sequence > 0 && (
        <AuditEntry sequence={sequence} names={names} close={() => change({ entry: "" })} />
      )}
      <Panel title="Entries" flush>
        {data === undefined && error === null && <Loading rows={12} />}
        {data !== undefined && <AuditTable list={data.auditLog} names={names} />}
      </Panel>
      {data !== undefined && <AuditHead head={data.auditHead} />}
    </>
  );
}
