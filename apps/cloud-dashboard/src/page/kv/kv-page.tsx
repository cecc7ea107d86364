import { useCloud } from "../cloud/use-cloud.ts";
import { KvPage } from "../generated/operations.ts";
import { Needs } from "../session/needs.tsx";
import { useMay } from "../session/viewer.ts";
import { FilterField } from "../ui/filter-field.tsx";
import { Loading } from "../ui/loading.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { usePageOfList } from "../ui/pager.tsx";
import { Panel } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { useSearchTexts } from "../ui/search-texts.ts";
import { KvEntry } from "./kv-entry.tsx";
import { KvTable } from "./kv-table.tsx";
import { WriteKv } from "./write-kv.tsx";

const ROWS = 100;

/** Small values that people and programs keep beside their flows. */
export function Page() {
  return (
    <Needs title="Key-value store" permissions={["kv:read"]}>
      <Keys />
    </Needs>
  );
}

function Keys() {
  const [{ prefix, key }, change] = useSearchTexts("prefix", "key", "after", "before");
  const variables = { ...usePageOfList(ROWS), ...(prefix === "" ? {} : { prefix }) };
  const { data, error, refetch } = useCloud(KvPage, variables, { every: 10_000, keep: true });
  const mayWrite = useMay("kv:write");
  return (
    <>
      <PageHead
        title="Key-value store"
        about="Small values beside your flows: cursors, switches, settings."
        actions={mayWrite && <WriteKv open={(written) => change({ key: written })} />}
      />
      <search className="mb-4 block max-w-sm">
        <FilterField
          label="Keys that begin with"
          value={prefix}
          placeholder="orders/"
          change={(text) => change({ prefix: text, after: "", before: "" })}
        />
      </search>
      {key !== "" && <KvEntry name={key} close={() => change({ key: "" })} />}
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      <Panel title="Keys" flush>
        {data === undefined ? <Loading rows={6} /> : <KvTable list={data.kvEntries} prefix={prefix} />}
      </Panel>
    </>
  );
}
