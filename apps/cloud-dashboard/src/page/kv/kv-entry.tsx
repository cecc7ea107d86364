import { useChange, useCloud } from "../cloud/use-cloud.ts";
import { DeleteKv, KvValue, type KvValueQuery } from "../generated/operations.ts";
import { OpenedJson } from "../seal/opened.tsx";
import { useMay } from "../session/viewer.ts";
import { Button } from "../ui/button.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { Loading } from "../ui/loading.tsx";
import { Panel } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { Ago } from "../ui/time.tsx";
import { WriteKv } from "./write-kv.tsx";

interface KvEntryProps {
  readonly name: string;
  readonly close: () => void;
}

/** One key with its value. */
export function KvEntry({ name, close }: KvEntryProps) {
  const { data, error, refetch } = useCloud(KvValue, { key: name }, { every: 10_000 });
  return (
    <Panel
      title={<span className="wrap-anywhere">{name}</span>}
      actions={
        <div className="flex flex-wrap gap-2">
          {data?.kv && <Changes entry={data.kv} close={close} />}
          <Button onClick={close}>Close</Button>
        </div>
      }
    >
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      {data === undefined && error === null && <Loading />}
      {data?.kv === null && <p className="text-muted">There is no such key; somebody may have deleted it.</p>}
      {data?.kv && (
        <>
          <OpenedJson value={data.kv.value} sealKeys={[]} />
          <p className="mt-3 text-muted">
            Version {data.kv.version}, written <Ago at={data.kv.updatedAt} /> by {data.kv.updatedBy}.
          </p>
        </>
      )}
    </Panel>
  );
}

interface ChangesProps {
  readonly entry: NonNullable<KvValueQuery["kv"]>;
  readonly close: () => void;
}

/** Both tell the version that the person saw, so that nobody's write in between is lost. */
function Changes({ entry, close }: ChangesProps) {
  const remove = useChange(DeleteKv, (data) => data.deleteKv);
  const mayWrite = useMay("kv:write");
  if (!mayWrite) return null;
  const { key, version } = entry;
  const act = async () => {
    await remove.mutateAsync({ input: { key, expectedVersion: version } });
    close();
  };
  return (
    <>
      <WriteKv entry={entry} />
      <Confirm verb="Delete" kind="danger" act={act}>
        The value of <strong className="wrap-anywhere">{key}</strong> is gone from the cloud. Written again, the key
        begins with version 1.
      </Confirm>
    </>
  );
}
