import { useViewer } from "../session/viewer.ts";
import type { KeysPageQuery } from "../generated/operations.ts";
import { commandHere } from "../ui/command-here.ts";
import { Empty } from "../ui/empty.tsx";
import { Pager } from "../ui/pager.tsx";
import { Cell, Table } from "../ui/table.tsx";
import { Ago, useNow } from "../ui/time.tsx";
import { KeyActions } from "./key-actions.tsx";
import { KeyRights } from "./key-rights.tsx";
import { standingOf } from "./key-standing.ts";
import type { MadeKey } from "./new-key.tsx";

type ApiKey = KeysPageQuery["apiKeys"]["nodes"][number];

interface KeyTableProps {
  readonly list: KeysPageQuery["apiKeys"];
  readonly made: (key: MadeKey) => void;
}

/** The keys of the tenant, ended ones too. */
export function KeyTable({ list: { nodes, pageInfo }, made }: KeyTableProps) {
  const now = useNow(30_000);
  if (nodes.length === 0)
    return <Empty title="There is no key" command={commandHere("weir keys create ci --role operator > ci-key")} />;
  return (
    <>
      <Table caption="Keys" head={["Name", "May do", "Ends", "From", "Last used", "Service account", "Actions"]}>
        {nodes.map((key) => (
          <Row key={key.id} apiKey={key} now={now} made={made} />
        ))}
      </Table>
      <Pager page={pageInfo} />
    </>
  );
}

interface RowProps {
  readonly apiKey: ApiKey;
  readonly now: number;
  readonly made: (key: MadeKey) => void;
}

function Row({ apiKey, now, made }: RowProps) {
  const { id, name, scope, createdAt, allowedAddresses, lastUsedAt, lastUsedFrom, serviceAccount } = apiKey;
  const standing = standingOf(apiKey, now);
  const isOver = standing === "revoked" || standing === "expired";
  return (
    <tr className={isOver ? "text-muted" : ""}>
      <Cell className="min-w-40">
        <span className="font-medium wrap-anywhere">{name}</span>
        <OwnMark id={id} />
        <span className="block text-[13px] text-muted">
          {scope === "agent" ? "for agents" : "for people and scripts"}, made <Ago at={createdAt} />
        </span>
      </Cell>
      <Cell>
        <KeyRights apiKey={apiKey} />
      </Cell>
      <Cell>
        <Ending apiKey={apiKey} now={now} />
      </Cell>
      <Cell className="font-mono text-[13px]">
        {allowedAddresses.length === 0 ? (
          <span className="font-sans text-muted">everywhere</span>
        ) : (
          allowedAddresses.map((address) => <div key={address}>{address}</div>)
        )}
      </Cell>
      <Cell>
        {lastUsedAt === null ? <span className="text-muted">never</span> : <Ago at={lastUsedAt} />}
        {lastUsedFrom !== null && <span className="block font-mono text-[13px] text-muted">{lastUsedFrom}</span>}
      </Cell>
      <Cell className="wrap-anywhere">{serviceAccount?.name ?? <span className="text-muted">–</span>}</Cell>
      <Cell>{!isOver && <KeyActions apiKey={apiKey} standing={standing} made={made} />}</Cell>
    </tr>
  );
}

/** So that nobody ends by mistake what they are signed in with. */
function OwnMark({ id }: { readonly id: string }) {
  const viewer = useViewer();
  return viewer?.keyId === id ? <span className="text-accent"> (yours, now in use)</span> : null;
}

function Ending({ apiKey, now }: Omit<RowProps, "made">) {
  const standing = standingOf(apiKey, now);
  if (standing === "revoked")
    return (
      <>
        revoked <Ago at={apiKey.revokedAt} />
      </>
    );
  if (apiKey.expiresAt === null) return <span className="text-muted">never</span>;
  return (
    <>
      {standing === "rotated" && <span className="block text-warn">another took its place</span>}
      <Ago at={apiKey.expiresAt} />
    </>
  );
}
