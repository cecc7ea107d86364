import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { ask } from "../cloud/ask.ts";
import { Viewer, type ViewerQuery } from "../generated/operations.ts";
import { Chip } from "../ui/chip.tsx";
import { noteSignedIn } from "./credential.ts";
import { KeyForm, SsoForm } from "./other-ways.tsx";
import { PasswordForm } from "./password-form.tsx";
import { people } from "./people.ts";
import { isSameViewer } from "./same-viewer.ts";

const WAYS = ["Password", "Single sign-on", "Key"] as const;
const SIGN_UP = "Sign up";
type Way = (typeof WAYS)[number] | typeof SIGN_UP;

/**
 * For whoever the cloud does not know, or knows no longer. It lies over the page, which stays as it was: what somebody had typed or chosen there is
 * there again afterwards.
 */
export function SignIn() {
  const place = useRef<HTMLDialogElement>(null);
  const [way, setWay] = useState<Way>("Password");
  const ways = useWays();
  const { wasIn, comeIn } = useComeIn();
  useEffect(() => place.current?.showModal(), []);
  return (
    <dialog
      ref={place}
      aria-labelledby="sign-in"
      closedby="none"
      onCancel={(event) => event.preventDefault()}
      className="m-0 h-dvh max-h-none w-screen max-w-none overflow-y-auto bg-ground p-0"
    >
      <div className="mx-auto max-w-md px-4 py-[12vh]">
        <h1 id="sign-in" className="mb-1 flex items-center gap-2 text-2xl font-semibold">
          <img src="/weir.svg" alt="" width="28" height="28" /> Weir
        </h1>
        <p className="mb-5 text-muted">
          {wasIn
            ? "Your session has ended. Sign in again: the page is as you left it."
            : "Sign in to the cloud of this address."}
        </p>
        <div role="group" aria-label="How to sign in" className="mb-4 flex flex-wrap gap-1.5">
          {ways.map((one) => (
            <Chip key={one} pressed={one === way} onClick={() => setWay(one)}>
              {one}
            </Chip>
          ))}
        </div>
        {way === "Single sign-on" && <SsoForm />}
        {way === "Key" && <KeyForm then={comeIn} />}
        {(way === "Password" || way === SIGN_UP) && <PasswordForm key={way} isNew={way === SIGN_UP} then={comeIn} />}
      </div>
    </dialog>
  );
}

/** Sign-up is offered where the cloud says that it is open; not while it has not said so. */
function useWays(): readonly Way[] {
  const { data } = useQuery({
    queryKey: ["ways"],
    queryFn: ({ signal }) => people.ways(signal),
    staleTime: Infinity,
    // All others rest until somebody has signed in.
    networkMode: "always",
  });
  return data?.signUp === true ? [...WAYS, SIGN_UP] : WAYS;
}

/** What follows when the cloud has taken a credential: the page goes on, or begins anew where it is somebody else's. */
function useComeIn() {
  const client = useQueryClient();
  const before = client.getQueryData<ViewerQuery>([Viewer.name, {}]);
  const comeIn = async () => {
    const now = await ask(Viewer, {});
    noteSignedIn();
    // Nothing of what one person saw is left for another.
    if (before !== undefined && isSameViewer(before.viewer, now.viewer)) await client.invalidateQueries();
    else await client.resetQueries();
  };
  return { wasIn: before !== undefined, comeIn };
}
