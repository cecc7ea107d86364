import { useQuery } from "@tanstack/react-query";
import { Empty } from "../ui/empty.tsx";
import { Loading } from "../ui/loading.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { Panel } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { CreateIdentity } from "./create-identity.tsx";
import { listIdentities } from "./identity.ts";
import { IdentityTable } from "./identity-table.tsx";
import { ImportIdentity } from "./import-identity.tsx";
import { useHeldOpenings } from "./held-keys.ts";

export function Page() {
  return (
    <>
      <PageHead
        title="Keys of this browser"
        about="With a key of your own, this page shows what is sealed for you. The cloud has no such key, and never gets one."
      />
      {isSecureContext ? (
        <Keys />
      ) : (
        <Problem
          error={
            new Error(
              "A browser keeps no keys for a page that came by plain http from another machine. Serve it by https, or run `weir dashboard` on your own machine.",
            )
          }
        />
      )}
    </>
  );
}

function Keys() {
  return (
    <>
      <Panel title="Keys kept here" flush>
        <KeptKeys />
      </Panel>
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <Panel title="Make a key">
          <CreateIdentity />
        </Panel>
        <Panel title="Import a key">
          <ImportIdentity />
        </Panel>
      </div>
      <Panel title="Where the key is, and where it is not">
        <WhereItIs />
      </Panel>
    </>
  );
}

function KeptKeys() {
  // Another list whenever the keys changed, in this tab or another.
  const openings = useHeldOpenings();
  const { data, error, refetch } = useQuery({
    queryKey: ["browser-keys", openings.id],
    queryFn: listIdentities,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (error !== null) return <Problem error={error} again={() => void refetch()} />;
  if (data === undefined) return <Loading rows={2} />;
  if (data.length > 0) return <IdentityTable keys={data} />;
  return (
    <Empty title="This browser has no key" command="weir seal keygen --name ada --passphrase-file passphrase.txt">
      Sealed things show for whom they are sealed, and stay closed. Make a key below, or with this command and import
      its file.
    </Empty>
  );
}

function WhereItIs() {
  return (
    <div className="max-w-prose space-y-2">
      <p>
        The private key is in this browser’s own store, for this address only. The browser gives it to no script, not
        even to this page: the page can open with it, and cannot read it or send it. What is opened stays in this tab.
      </p>
      <p>
        A page shows what its server sends. Whoever takes the cloud over could serve a page that sends away what it has
        opened. If that is too much trust, run <code className="font-mono">weir dashboard</code>: it serves the same
        page from your own install, and asks the cloud for data only.
      </p>
    </div>
  );
}
