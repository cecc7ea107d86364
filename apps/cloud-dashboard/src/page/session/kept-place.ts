const PLACE = "weir-place";

/** Remembers the present page: whoever goes away to sign in comes back to the first one. */
export function keepPlace(): void {
  sessionStorage.setItem(PLACE, `${location.pathname}${location.search}`);
}

/** Before the page is shown: goes back to where the person was. */
export function returnToPlace(): void {
  const kept = sessionStorage.getItem(PLACE);
  sessionStorage.removeItem(PLACE);
  if (isPlace(kept) && location.pathname === "/") history.replaceState(history.state, "", kept);
}

/** Whether it is an address of this origin: `//host` and `/\\host` would be of another. */
export function isPlace(kept: string | null): kept is string {
  return kept !== null && /^\/(?![/\\])/.test(kept);
}
