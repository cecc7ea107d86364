import type { ReactNode } from "react";
import { Button } from "../../ui/button.tsx";
import { Panel } from "../../ui/panel.tsx";
import { Problem } from "../../ui/problem.tsx";
import { Moment } from "../../ui/time.tsx";
import { ImportTrust } from "../trust/import-trust.tsx";
import { forgetTrust, type KeptTrust, setAlwaysSeals } from "../trust/kept-trust.ts";
import { useKeptTrust } from "../trust/use-kept-trust.ts";
import type { ParameterAction } from "./parameter-action.ts";

interface SealNoticeProps {
  readonly action: ParameterAction;
  /** Who asks for it, where it is more than to send. */
  readonly because: string;
}

/** What is done with the parameters before anything is sent, for whom, and who says so. */
export function SealNotice({ action, because }: SealNoticeProps) {
  const { tenantId, trust, error, look } = useKeptTrust();
  const change = (act: (tenantId: string) => void) => {
    if (tenantId !== undefined) act(tenantId);
    look();
  };
  return (
    <Panel title="What the cloud sees of them">
      <Told action={action} because={because} />
      {error !== null && <Problem error={error} />}
      {error === null && trust != null && (
        <Recipients
          trust={trust}
          seals={action === "seal"}
          setAlways={(always) => change((id) => setAlwaysSeals(localStorage, id, always))}
        />
      )}
      {error === null && trust === null && action === "seal" && (
        <p className="mb-2">
          This browser knows no keys to seal for. Whoever runs your agents makes a trust file with{" "}
          <code>weir trust export</code>; take it on a way that is not the cloud, or the cloud could put a key of its
          own into it.
        </p>
      )}
      {action !== "drop" && (
        <details open={trust === null && action === "seal"} className="mt-2">
          <summary className="text-muted">Trust file of this browser</summary>
          <div className="mt-2 flex flex-wrap items-center gap-3">
            <ImportTrust />
            {(trust != null || error !== null) && (
              <Button kind="danger" onClick={() => change((id) => forgetTrust(localStorage, id))}>
                Forget the kept one
              </Button>
            )}
          </div>
        </details>
      )}
    </Panel>
  );
}

function Told({ action, because }: SealNoticeProps): ReactNode {
  if (action === "send")
    return (
      <p className="mb-2">
        The cloud gets and keeps them in plain, and hands them to the agent. Parameters that it must not read have to be
        sealed: import a trust file below, or let the flow ask for it.
      </p>
    );
  if (action === "drop") return <p>None can be given: {because} that they are not told to the cloud at all.</p>;
  return (
    <p className="mb-2">
      <strong className="text-sealed">They are sealed in this browser</strong> before anything is sent: {because}. The
      cloud keeps what it cannot read. Defaults that you leave as they are stay out, and the flow fills them in.
    </p>
  );
}

interface RecipientsProps {
  readonly trust: KeptTrust;
  readonly seals: boolean;
  readonly setAlways: (always: boolean) => void;
}

function Recipients({ trust: { trust, alwaysSeals, keptAt }, seals, setAlways }: RecipientsProps) {
  const keys = [
    { name: "your agents", kid: trust.inside.kid },
    ...trust.recipients.map(({ name, jwk }) => ({ name, kid: jwk.kid })),
  ];
  return (
    <div className="mb-2">
      {seals && (
        <>
          <p>They can open it, by the trust file that you imported {keptAt !== "" && <Moment at={keptAt} />}:</p>
          <ul className="my-1">
            {keys.map(({ name, kid }) => (
              <li key={kid} className="break-all">
                {name} <code className="font-mono text-[13px] text-muted">{kid}</code>
              </li>
            ))}
          </ul>
        </>
      )}
      <label className="flex items-center gap-2">
        <input type="checkbox" checked={alwaysSeals} onChange={({ target }) => setAlways(target.checked)} />
        Seal all parameters that are typed in this browser
      </label>
    </div>
  );
}
