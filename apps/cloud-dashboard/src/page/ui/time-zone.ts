import { useSyncExternalStore } from "react";

const PLACE = "weir-zone";
const changed = new EventTarget();

/** `local`: the machine's own. */
export type Zone = "local" | (string & {});

export const zoneInUse = (): Zone => localStorage.getItem(PLACE) ?? "local";

export function setZone(zone: Zone): void {
  localStorage.setItem(PLACE, zone);
  changed.dispatchEvent(new Event("change"));
}

/** In which zone the page tells times. */
export function useZone(): Zone {
  return useSyncExternalStore((listener) => {
    changed.addEventListener("change", listener);
    return () => changed.removeEventListener("change", listener);
  }, zoneInUse);
}
