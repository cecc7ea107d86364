import { Link } from "@tanstack/react-router";
import { Lock, LockOpen } from "lucide-react";
import type { ReactNode } from "react";
import type { Closed } from "./openings.ts";

/** Key ids have 43 characters; a few tell them apart. */
const SHOWN = 8;
const MOST_NAMED = 3;

/** @example keysText(["kPrK_qmxVWaY", "x7"]) // "kPrK_qmx…, x7" */
export function keysText(kids: readonly string[]): string {
  const named = kids.slice(0, MOST_NAMED).map((kid) => (kid.length > SHOWN ? `${kid.slice(0, SHOWN)}…` : kid));
  const rest = kids.length - named.length;
  return rest > 0 ? `${named.join(", ")} and ${rest} more` : named.join(", ");
}

const SHORT: Readonly<Record<Closed["code"], (kids: readonly string[]) => string>> = {
  NO_KEY: (kids) => `Sealed for ${keysText(kids)}`,
  UNKNOWN_RUN_KEY: () => "Sealed; its run's key is not here",
  DAMAGED: () => "Sealed, and damaged",
  KEY_INVALID: () => "Sealed; a key cannot be used",
  PASSPHRASE_WRONG: () => "Sealed",
  TRUST_INVALID: () => "Sealed",
  UNABLE: () => "Sealed; this page cannot open it",
};

/** Marks what came sealed and was opened here: the cloud does not see it. */
export function OpenedMark({ children }: { readonly children: ReactNode }) {
  return (
    <span className="text-sealed" title="It came sealed and was opened in this browser: the cloud cannot read it.">
      <LockOpen size={13} role="img" aria-label="Opened here:" className="mr-1 inline-block align-[-0.1em]" />
      {children}
    </span>
  );
}

/** Holds the place of what is being opened. */
export function OpeningMark() {
  return (
    <span className="text-sealed opacity-70">
      <Lock size={13} aria-hidden className="mr-1 inline-block align-[-0.1em]" />
      Opening…
    </span>
  );
}

interface ClosedMarkProps {
  readonly closed: Closed;
  /** No link in it, for places that are links themselves. */
  readonly brief?: boolean;
}

/** In the place of what stays sealed: for whom it is. The whole sentence on pointing at it. */
export function ClosedMark({ closed: { code, sentence, kids }, brief = false }: ClosedMarkProps) {
  const isBad = code === "DAMAGED";
  return (
    <span className={isBad ? "text-bad" : "text-sealed"} title={sentence}>
      <Lock size={13} aria-hidden className="mr-1 inline-block align-[-0.1em]" />
      {SHORT[code](kids)}
      {code === "NO_KEY" && !brief && (
        <>
          {" · "}
          <Link to="/browser-keys" className="text-sealed underline">
            Keys of this browser
          </Link>
        </>
      )}
    </span>
  );
}

/** The same where there is room: all that is known, and what to do. */
export function ClosedNote({ closed }: { readonly closed: Closed }) {
  return (
    <div className="rounded-md border border-line bg-ground px-3 py-2">
      <p className="break-words">
        <ClosedMark closed={closed} />
      </p>
      {closed.code === "NO_KEY" ? (
        <KeysThatOpen kids={closed.kids} />
      ) : (
        <p className="mt-1 break-words text-muted">{closed.sentence}</p>
      )}
    </div>
  );
}

function KeysThatOpen({ kids }: Pick<Closed, "kids">) {
  return (
    <div className="mt-1 text-muted">
      <p>One of these keys opens it; the cloud has none of them, and none is in this browser:</p>
      <ul className="mt-1 font-mono text-[13px]">
        {kids.map((kid) => (
          <li key={kid} className="break-all">
            {kid}
          </li>
        ))}
      </ul>
    </div>
  );
}
