import { type Permission, PERMISSIONS } from "@weir/protocol/permissions";
import type { ReactNode } from "react";
import { Empty } from "../ui/empty.tsx";
import { Loading } from "../ui/loading.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { useViewer } from "./viewer.ts";

interface NeedsProps {
  /** Of the page, where it cannot be shown. */
  readonly title: string;
  /** All of these. */
  readonly permissions: readonly Permission[];
  readonly children: ReactNode;
}

/** A page that only some may see: others are told what it takes. Nothing of it is asked of the cloud before that is known. */
export function Needs({ title, permissions, children }: NeedsProps) {
  const viewer = useViewer();
  const missing = permissions.filter((permission) => viewer?.permissions.includes(permission) === false);
  if (viewer !== undefined && missing.length === 0) return children;
  return (
    <>
      <PageHead title={title} />
      {viewer === undefined ? <Loading rows={8} /> : <Told missing={missing} />}
    </>
  );
}

function Told({ missing }: { readonly missing: readonly Permission[] }) {
  return (
    <Empty title="Your role may not see this">
      It takes{" "}
      {missing.map((permission, index) => (
        <span key={permission}>
          {index > 0 && ", "}
          <code>{permission}</code> ({PERMISSIONS[permission]})
        </span>
      ))}
      . Whoever gives roles in your tenant can give it to yours.
    </Empty>
  );
}
