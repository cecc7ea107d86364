import { useState } from "react";
import { useCloud } from "../cloud/use-cloud.ts";
import { KeysPage } from "../generated/operations.ts";
import { Needs } from "../session/needs.tsx";
import { useMay } from "../session/viewer.ts";
import { Loading } from "../ui/loading.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { usePageOfList } from "../ui/pager.tsx";
import { Panel } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { CreateKey } from "./create-key.tsx";
import { KeyTable } from "./key-table.tsx";
import { type MadeKey, NewKey } from "./new-key.tsx";
import { ServiceAccounts } from "./service-accounts.tsx";

/** The credentials that open the cloud: of people, scripts and agents. */
export function Page() {
  return (
    <Needs title="API keys" permissions={["key:read"]}>
      <Keys />
    </Needs>
  );
}

function Keys() {
  const { data, error, refetch } = useCloud(KeysPage, usePageOfList(50), { every: 30_000, keep: true });
  const [made, setMade] = useState<MadeKey | null>(null);
  const may = useMay("key:write");
  return (
    <>
      <PageHead
        title="API keys"
        about="A key does no more than whoever made it may, and its text is shown once: the cloud keeps no copy."
        actions={may && <CreateKey accounts={data?.serviceAccounts.nodes ?? []} made={setMade} />}
      />
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      <Panel title="Keys" flush>
        {data === undefined ? <Loading rows={6} /> : <KeyTable list={data.apiKeys} made={setMade} />}
      </Panel>
      {data !== undefined && <ServiceAccounts accounts={data.serviceAccounts.nodes} />}
      <NewKey made={made} close={() => setMade(null)} />
    </>
  );
}
