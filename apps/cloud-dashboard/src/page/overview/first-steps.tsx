import { Link } from "@tanstack/react-router";
import { CopyText } from "../ui/copy-text.tsx";
import { Panel } from "../ui/panel.tsx";

interface FirstStepsProps {
  readonly hasAgent: boolean;
  readonly hasFlow: boolean;
}

/** For a tenant that is not set up yet: what to do next, in order. */
export function FirstSteps({ hasAgent, hasFlow }: FirstStepsProps) {
  return (
    <Panel title="First steps">
      <ol className="list-decimal space-y-4 pl-5">
        <li>
          <p className="mb-1">Let your machine know this cloud. It opens the browser, and keeps a key of your own.</p>
          <CopyText text={`weir login --url ${location.origin}`} />
        </li>
        {!hasAgent && (
          <li>
            Enrol an agent: it runs your flows on your own machines.{" "}
            <Link to="/agents/enrol">The way to the first one</Link>
          </li>
        )}
        {!hasFlow && (
          <li>
            <p className="mb-1">
              Register the flows of a file, and run one. The code stays where it is: only names, parameters and digests
              are sent.
            </p>
            <CopyText text={"weir register flows/report.flow.ts\nweir run flows/report.flow.ts"} />
          </li>
        )}
      </ol>
    </Panel>
  );
}
