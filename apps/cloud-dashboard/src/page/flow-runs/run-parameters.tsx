import { Link } from "@tanstack/react-router";
import { useCloud } from "../cloud/use-cloud.ts";
import { type RunHeadFragment, RunParameters } from "../generated/operations.ts";
import { OpenedJson } from "../seal/opened.tsx";
import { useMay } from "../session/viewer.ts";
import { Loading } from "../ui/loading.tsx";
import { Panel } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { Fact } from "./run-head.tsx";

/** What the run was started with. */
export function RunParametersPart({ run }: { readonly run: RunHeadFragment }) {
  const { data, error } = useCloud(RunParameters, { id: run.id });
  const mayRead = useMay("parameter:read");
  if (data === undefined) return error === null ? <Loading rows={4} /> : <Problem error={error} />;
  const given = data.flowRun;
  if (given === null) return null;
  return (
    <>
      <Panel title="Parameters">
        {mayRead ? (
          <OpenedJson value={given.parameters} sealKeys={run.sealKeys} />
        ) : (
          <p className="text-muted">
            Your role may not read parameters (<code>parameter:read</code>). Somebody who may change roles can give it
            to you: <Link to="/members">members and roles</Link>.
          </p>
        )}
      </Panel>
      <Panel title="How it was started">
        <dl className="space-y-3">
          <Fact name="Signature">
            {given.parametersSignature === null ? (
              <span className="text-muted">none</span>
            ) : (
              <code className="block max-h-24 overflow-y-auto font-mono text-[13px] break-all">
                {given.parametersSignature}
              </code>
            )}
          </Fact>
          <Fact name="Idempotency key">{given.idempotencyKey ?? <span className="text-muted">none</span>}</Fact>
          <Fact name="Asked of the gate beyond the policy">
            {given.boundary === null ? (
              <span className="text-muted">nothing</span>
            ) : (
              <OpenedJson value={given.boundary} sealKeys={run.sealKeys} />
            )}
          </Fact>
        </dl>
      </Panel>
    </>
  );
}
