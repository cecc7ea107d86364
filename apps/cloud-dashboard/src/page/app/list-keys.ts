const ITEM = "[data-item]";

/** The item of a list that has the focus. Lists mark what one goes through with `data-item`. */
function currentItem(): HTMLElement | null {
  return document.activeElement?.closest<HTMLElement>(ITEM) ?? null;
}

/** Goes to the next item, or the one before: the focus is on its link. */
export function moveInList(step: 1 | -1): void {
  const items = [...document.querySelectorAll<HTMLElement>(ITEM)];
  const current = currentItem();
  const at = current === null ? firstInSight(items) - step : items.indexOf(current);
  const next = items[at + step];
  next?.querySelector<HTMLElement>("a")?.focus();
}

/** A list that nobody is in is entered where it is seen. */
function firstInSight(items: readonly HTMLElement[]): number {
  return Math.max(
    0,
    items.findIndex((item) => item.getBoundingClientRect().top >= 0),
  );
}

/** Ticks the box of the item, or takes the tick away. */
export function chooseItem(): void {
  currentItem()?.querySelector<HTMLElement>("input[type=checkbox]")?.click();
}

/** Where the focus is on something of the item that is no link or button itself, such as its box. Answers whether there was one. */
export function openItem(): boolean {
  if (document.activeElement?.matches("a, button, summary") === true) return false;
  const link = currentItem()?.querySelector<HTMLElement>("a");
  link?.click();
  return link !== undefined && link !== null;
}
