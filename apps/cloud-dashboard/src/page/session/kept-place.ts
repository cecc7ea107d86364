const PLACE = "weir-place";

/** Remembers the present page: whoever goes away to sign in comes back to the first one. */
export function keepPlace(): void {
  sessionStorage.setItem(PLACE, `${location.pathname}${location.search}${location.hash}`);
}

/** Before the page is shown: goes back to where the person was. */
export function returnToPlace(): void {
  const kept = sessionStorage.getItem(PLACE);
  sessionStorage.removeItem(PLACE);
  // An address of this origin alone: `//host` would be one of another.
  if (kept !== null && /^\/(?!\/)/.test(kept) && location.pathname === "/")
    history.replaceState(history.state, "", kept);
}
