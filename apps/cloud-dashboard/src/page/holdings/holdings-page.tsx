import type { Permission } from "@weir/protocol/permissions";
import { useCloud } from "../cloud/use-cloud.ts";
import { Holdings } from "../generated/operations.ts";
import { Needs } from "../session/needs.tsx";
import { useViewer } from "../session/viewer.ts";
import { Button } from "../ui/button.tsx";
import { Loading } from "../ui/loading.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { Panel } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { byClass, sumOf } from "./class-holdings.ts";
import { ClassPanel } from "./class-panel.tsx";
import { CountsBar } from "./counts-bar.tsx";
import { EraseDialog } from "./erase-dialog.tsx";
import { ExportDialog } from "./export-dialog.tsx";
import { PolicyPanel } from "./policy-panel.tsx";

/** All kinds of data are in it, so all that reads any of them is needed. */
const NEEDED = [
  "run:read",
  "flow:read",
  "agent:read",
  "log:read",
  "parameter:read",
  "artifact:read",
  "kv:read",
] as const satisfies readonly Permission[];

/** Every field of the cloud that holds user data of this tenant, as the cloud sees it. */
export function Page() {
  return (
    <Needs title="What the cloud holds" permissions={NEEDED}>
      <Held />
    </Needs>
  );
}

function Held() {
  const { data, error, refetch, isFetching } = useCloud(Holdings, {});
  return (
    <>
      <PageHead
        title="What the cloud holds"
        actions={
          <>
            <Button busy={isFetching} onClick={() => void refetch()}>
              Look again
            </Button>
            <TakeOrErase />
          </>
        }
      />
      <p className="mb-4 max-w-prose">
        Hybrid workflow tools admit four gaps through which data of users comes to their cloud: parameters, logs,
        exceptions, and the locations of results. Here is every field of this cloud that can hold any of it, with what
        it holds of you now, and the lines of your policy file that change it.
      </p>
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      {data === undefined && error === null && <Loading rows={16} />}
      {data !== undefined && (
        <>
          <Panel title="All in all">
            <CountsBar counts={sumOf(data.holdings)} />
          </Panel>
          {byClass(data.holdings).map((held) => (
            <ClassPanel key={held.dataClass} held={held} />
          ))}
          <PolicyPanel />
        </>
      )}
    </>
  );
}

/** Export and erase, for who decides about the tenant. */
function TakeOrErase() {
  const viewer = useViewer();
  if (viewer?.permissions.includes("tenant:write") !== true) return null;
  return (
    <>
      <ExportDialog tenant={viewer.tenant.name} />
      <EraseDialog tenant={viewer.tenant.name} />
    </>
  );
}
