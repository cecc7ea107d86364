import type { Json } from "@weir/protocol";
import { isSealedJson } from "@weir/protocol/sealed-form";
import type { ReactNode } from "react";
import type { VersionPageQuery } from "../../generated/operations.ts";
import { OpenedJson } from "../../seal/opened.tsx";
import { Panel } from "../../ui/panel.tsx";
import { Moment } from "../../ui/time.tsx";

export type PageVersion = NonNullable<NonNullable<VersionPageQuery["flowById"]>["version"]>;

/** What a version says of itself. */
export function VersionFacts({ version }: { readonly version: PageVersion }) {
  const { createdAt, archivedAt, labels, sdkVersion, contentDigest, signature, boundary } = version;
  return (
    <Panel title="Registration">
      <dl className="grid gap-x-4 gap-y-1 sm:grid-cols-[max-content_1fr]">
        <Fact title="Registered">
          <Moment at={createdAt} />
        </Fact>
        {archivedAt !== null && (
          <Fact title="Archived">
            <Moment at={archivedAt} />
          </Fact>
        )}
        <Fact title="Labels">{labels.length === 0 ? "none: any agent may take its runs" : labels.join(", ")}</Fact>
        <Fact title="SDK">{sdkVersion}</Fact>
        <Fact title="Digest of all of it">
          <code className="font-mono text-[13px] break-all">{contentDigest}</code>
        </Fact>
        <Fact title="Signature">{signature === null ? "none" : <Signature jws={signature} />}</Fact>
        <Fact title="Asks of the gate">{boundaryText(boundary)}</Fact>
      </dl>
    </Panel>
  );
}

function Fact({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{title}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}

function Signature({ jws }: { readonly jws: string }) {
  return (
    <details>
      <summary>signed; whose key it is, agents check by their own policy</summary>
      <code className="font-mono text-[13px] break-all">{jws}</code>
    </details>
  );
}

function boundaryText(boundary: Json | null): string {
  const asked = Object.entries(Object(boundary) as Readonly<Record<string, unknown>>);
  if (asked.length === 0) return "nothing beyond the policy file";
  return asked.map(([dataClass, action]) => `${dataClass}: ${String(action)}`).join(", ");
}

interface JsonPanelProps {
  readonly title: string;
  readonly value: Json | null;
  /** Told where there is nothing. */
  readonly none: string;
}

/** A part of a registration that is JSON, in plain or sealed. */
export function JsonPanel({ title, value, none }: JsonPanelProps) {
  const { kind } = Object(value) as { kind?: unknown };
  const isSealed = isSealedJson(value) || kind === "sealed";
  return (
    <Panel title={title} actions={value !== null && <SealMark isSealed={isSealed} />}>
      {value === null ? <p className="text-muted">{none}</p> : <OpenedJson value={openable(value)} sealKeys={[]} />}
    </Panel>
  );
}

/** Sealed storage says that it is, beside its box. */
function openable(value: Json): Json {
  const { kind, box } = Object(value) as { kind?: unknown; box?: Json };
  return kind === "sealed" && box !== undefined ? { $sealed: box } : value;
}

function SealMark({ isSealed }: { readonly isSealed: boolean }) {
  return isSealed ? (
    <span className="text-sealed">sealed: the cloud cannot read it</span>
  ) : (
    <span className="text-muted">in plain</span>
  );
}
