import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { ComparedRunFragment } from "../generated/operations.ts";
import { Table } from "../ui/table.tsx";

interface ComparisonTableProps {
  readonly caption: string;
  readonly one: Pick<ComparedRunFragment, "id" | "name">;
  readonly other: Pick<ComparedRunFragment, "id" | "name">;
  /** Rows of a name and two cells. */
  readonly children: ReactNode;
}

/** Two runs side by side. */
export function ComparisonTable({ caption, one, other, children }: ComparisonTableProps) {
  const names = [one, other].map(({ id, name }) => (
    <Link key={id} to="/runs/$runId" params={{ runId: id }}>
      {name}
    </Link>
  ));
  return (
    <Table caption={caption} head={["What", ...names]}>
      {children}
    </Table>
  );
}
