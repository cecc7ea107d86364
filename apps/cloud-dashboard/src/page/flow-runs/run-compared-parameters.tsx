import type { Json } from "@weir/protocol";
import type { ComparedRunFragment } from "../generated/operations.ts";
import { OpenedJson } from "../seal/opened.tsx";
import { useOpenedJson } from "../seal/use-opened.ts";
import { Panel } from "../ui/panel.tsx";
import { Cell } from "../ui/table.tsx";
import { parameterPairs, type ParameterPair } from "./run-comparison.ts";
import { ComparisonTable } from "./run-comparison-table.tsx";

interface ComparedParametersProps {
  readonly one: ComparedRunFragment;
  readonly other: ComparedRunFragment;
}

/** What the two runs were started with. Sealed parameters are compared once the keys of this browser have opened them. */
export function ComparedParameters({ one, other }: ComparedParametersProps) {
  const [a, b] = [useOpenedParameters(one), useOpenedParameters(other)];
  const pairs = a === undefined || b === undefined ? null : parameterPairs(a, b);
  return (
    <Panel title="Parameters" flush>
      <ComparisonTable caption="Parameters of the two runs" one={one} other={other}>
        {pairs === null ? (
          <tr>
            <Cell className="text-muted">all</Cell>
            {[one, other].map(({ id, parameters, sealKeys }) => (
              <Cell key={id}>
                <OpenedJson value={parameters} sealKeys={sealKeys} />
              </Cell>
            ))}
          </tr>
        ) : (
          pairs.map((pair) => <PairRow key={pair.name} pair={pair} />)
        )}
      </ComparisonTable>
      {pairs?.length === 0 && <p className="px-4 py-4 text-muted">Neither run has parameters.</p>}
    </Panel>
  );
}

/** Undefined: they are sealed, and not open. */
function useOpenedParameters({ parameters, sealKeys }: ComparedRunFragment): Json | undefined {
  const opening = useOpenedJson(parameters, sealKeys);
  return opening.phase === "plain" || opening.phase === "opened" ? opening.value : undefined;
}

function PairRow({ pair: { name, one, other, isSame } }: { readonly pair: ParameterPair }) {
  return (
    <tr>
      <Cell className="align-top font-mono text-[13px]">{name}</Cell>
      {[one, other].map((value, index) => (
        // The two runs never change their places.
        <Cell key={index} className={`align-top ${isSame ? "text-muted" : "bg-warn/10"}`}>
          {value === undefined ? (
            <span className="text-muted">not given</span>
          ) : (
            <pre className="max-w-[40vw] overflow-x-auto font-mono text-[13px]">{JSON.stringify(value, null, 2)}</pre>
          )}
        </Cell>
      ))}
    </tr>
  );
}
