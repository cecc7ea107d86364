import { keyInUse, setKey } from "../session/credential.ts";
import { useViewer } from "../session/viewer.ts";
import { Button } from "../ui/button.tsx";

/** Who is here, of which tenant, and the way out. */
export function Corner() {
  const viewer = useViewer();
  return (
    <div className="mt-auto hidden border-t border-line px-2 pt-2 md:block">
      <p className="truncate font-medium">{viewer?.tenant.name ?? "…"}</p>
      {keyInUse() !== null && (
        <Button kind="quiet" className="-ml-3" onClick={() => setKey(null)}>
          Forget the key
        </Button>
      )}
    </div>
  );
}
