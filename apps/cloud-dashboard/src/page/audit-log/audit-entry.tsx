import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useCloud } from "../cloud/use-cloud.ts";
import { AuditEntryWithBefore, type AuditEntryWithBeforeQuery } from "../generated/operations.ts";
import { Button } from "../ui/button.tsx";
import { Loading } from "../ui/loading.tsx";
import { Panel } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { Moment } from "../ui/time.tsx";
import { Actor } from "./actor.tsx";
import { Outcome } from "./outcome.tsx";

interface AuditEntryProps {
  readonly sequence: number;
  readonly names: ReadonlyMap<string, string>;
  readonly close: () => void;
}

/** One entry with all that it says. */
export function AuditEntry({ sequence, names, close }: AuditEntryProps) {
  // A cursor of the log is a number of an entry: the one before the entry that is wanted, newest first.
  const { data, error, refetch } = useCloud(AuditEntryWithBefore, { after: String(sequence + 1) });
  const [entry, previous] = data?.auditLog.nodes ?? [];
  return (
    <Panel title={`Entry ${sequence}`} actions={<Button onClick={close}>Close</Button>}>
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      {data === undefined && error === null && <Loading rows={8} />}
      {data !== undefined && entry?.sequence !== sequence && <p className="text-muted">There is no such entry.</p>}
      {entry?.sequence === sequence && <Facts entry={entry} previous={previous} names={names} />}
    </Panel>
  );
}

type Entry = AuditEntryWithBeforeQuery["auditLog"]["nodes"][number];

interface FactsProps {
  readonly entry: Entry;
  readonly previous: Entry | undefined;
  readonly names: ReadonlyMap<string, string>;
}

function Facts({ entry, previous, names }: FactsProps) {
  const { at, actorKind, actorId, actorName, keyId, sessionId, address, action, targetKind, targetId } = entry;
  const { asked, outcome, code, request, before, after, previousHash, hash } = entry;
  return (
    <dl className="grid grid-cols-1 gap-x-6 gap-y-1 sm:grid-cols-[12rem_1fr]">
      <Fact name="When" value={<Moment at={at} />} />
      <Fact name="Who" value={<Actor kind={actorKind} id={actorId} names={names} />} />
      <Fact name="Id of who" value={actorId} />
      <Fact name="Digest of the name given" value={actorName} />
      <Fact name="With the key" value={keyId} />
      <Fact name="In the session" value={sessionId} />
      <Fact name="From" value={address} />
      <Fact name="Action" value={action} />
      <Fact name="On" value={targetId === null ? targetKind : `${targetKind ?? ""} ${targetId}`} />
      <Fact name="Outcome" value={<Outcome outcome={outcome} code={code} />} />
      <Fact name="Written before it began" value={asked !== null && <ToEntry sequence={asked} />} />
      <Fact name="Digest of what was asked" value={request} />
      <Fact name="Digest of it before" value={before} />
      <Fact name="Digest of it after" value={after} />
      <Fact name="Hash" value={hash} />
      <Fact name="Hash of the one before" value={previousHash} />
      <Fact name="Chain" value={<Chain previousHash={previousHash} previous={previous} />} />
    </dl>
  );
}

/** A fact that an entry may lack. */
function Fact({ name, value }: { readonly name: string; readonly value: ReactNode }) {
  if (value === null || value === false) return null;
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className={typeof value === "string" ? "font-mono text-[13px] wrap-anywhere" : "wrap-anywhere"}>{value}</dd>
    </>
  );
}

function ToEntry({ sequence }: { readonly sequence: number }) {
  return (
    <Link to="." search={((old: object) => ({ ...old, entry: sequence })) as never}>
      entry {sequence}
    </Link>
  );
}

/** Whether the entry follows the one before it. All hashes are computed anew by `weir audit verify` alone. */
function Chain({ previousHash, previous }: { readonly previousHash: string; readonly previous: Entry | undefined }) {
  if (previous === undefined) return <>the first entry: nothing stands before it</>;
  if (previous.hash !== previousHash)
    return (
      <span className="text-bad">
        broken: <ToEntry sequence={previous.sequence} /> has another hash. Run <code>weir audit verify</code>.
      </span>
    );
  return (
    <>
      follows <ToEntry sequence={previous.sequence} />
    </>
  );
}
