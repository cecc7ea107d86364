import { HeightList } from "./height-list.ts";
import { ScrollScale } from "./scroll-scale.ts";

/** As much of an element as is scrolled. */
export interface ScrollBox {
  readonly scrollTop: number;
  readonly clientHeight: number;
}

/** A part of the list, and where it is drawn. */
export interface ShownPart {
  readonly index: number;
  readonly key: string;
  readonly top: number;
}

/** What is drawn. Another one whenever it changes. */
export interface Shown {
  /** Of all of it. */
  readonly height: number;
  readonly parts: readonly ShownPart[];
  /** The end is seen, and stays seen when more comes. */
  readonly follows: boolean;
}

/** Drawn above and below what is seen. */
const MARGIN = 600;
const NOTHING: Shown = { height: 0, parts: [], follows: false };

/** What of a long list is drawn where. What is read stays in its place when parts above it turn out to be higher or lower. */
export class LogScroller {
  readonly #heights = new HeightList();
  readonly #scale: ScrollScale;
  readonly #listeners = new Set<() => void>();
  #box: ScrollBox | null = null;
  #parts: readonly { readonly key: string }[] = [];
  #guess: (index: number) => number = () => 0;
  #offset = 0;
  #shown = NOTHING;
  /** Where the element was scrolled to, or is to be. */
  #top = 0;
  #isDue = false;

  constructor(follows: boolean, most?: number) {
    this.#scale = new ScrollScale(most);
    this.#shown = { ...NOTHING, follows };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly shown = (): Shown => this.#shown;

  /** The element that scrolls. */
  attach(box: ScrollBox | null): void {
    this.#box = box;
    this.#layOut();
  }

  /** The list is another one: longer, or with heights that are better known. */
  set(parts: readonly { readonly key: string }[], guess: (index: number) => number): void {
    this.#parts = parts;
    this.#guess = guess;
    this.#layOut();
  }

  /** Parts were drawn, and are as high as this. */
  measure(heights: readonly (readonly [key: string, height: number])[]): void {
    const isNew = heights.map(([key, height]) => this.#heights.measure(key, height)).some(Boolean);
    if (isNew) this.#layOut();
  }

  /** All heights change. */
  remeasure(): void {
    this.#heights.forget();
    this.#layOut();
  }

  /** A person scrolled, or the browser did what it was told. */
  scrolled(): void {
    const top = this.#box?.scrollTop ?? this.#top;
    if (this.#isDue || Math.abs(top - this.#top) < 1) return;
    this.#offset = this.#scale.moved(top);
    const mended = this.#scale.mended();
    this.#top = mended ?? top;
    this.#isDue = mended !== null;
    this.#show(this.#isAtEnd());
  }

  /** Where the element is to be scrolled to, once what is shown is drawn; null: it stays. */
  takeScroll(): number | null {
    const due = this.#isDue ? this.#top : null;
    this.#isDue = false;
    return due;
  }

  /** Brings a part to the top, or the place so many pixels below its begin. */
  toPart(key: string, below: number): void {
    const index = this.#heights.indexOf(key);
    if (index !== -1) this.#stand(this.#scale.placed(this.#heights.startOf(index) + below), false);
  }

  toEnd(): void {
    this.#stand(this.#scale.placed(this.#heights.total), true);
  }

  /** What is seen stays seen, whatever comes. */
  letGo(): void {
    this.#show(false);
  }

  get #view(): number {
    return this.#box?.clientHeight ?? 0;
  }

  #isAtEnd(): boolean {
    return this.#offset >= this.#heights.total - this.#view - NEAR;
  }

  /** Finds the places anew; what stands at the top stays there, or the end stays seen. */
  #layOut(): void {
    // The browser may have moved on before it tells.
    this.scrolled();
    const anchor = this.#anchor();
    const key = this.#heights.keyAt(anchor);
    const within = this.#offset - this.#heights.startOf(anchor);
    this.#heights.set(this.#parts, this.#guess);
    this.#scale.resize(this.#heights.total, this.#view);
    const index = this.#heights.indexOf(key);
    if (this.#shown.follows) return this.toEnd();
    const offset = index === -1 ? this.#offset : this.#heights.startOf(index) + Math.min(within, this.#heightOf(index));
    this.#stand(this.#scale.kept(offset), false);
  }

  /** The part at the top; the next one, where the height of that is a guess and it may grow above what is read. */
  #anchor(): number {
    const top = this.#heights.indexAt(this.#offset);
    const isNextSeen = top + 1 < this.#heights.count && this.#heights.startOf(top + 1) < this.#offset + this.#view;
    return !this.#heights.isMeasured(top) && isNextSeen ? top + 1 : top;
  }

  #heightOf(index: number): number {
    return this.#heights.startOf(index + 1) - this.#heights.startOf(index);
  }

  #stand(top: number, follows: boolean): void {
    this.#offset = this.#scale.offset;
    this.#top = top;
    this.#isDue = Math.abs(top - (this.#box?.scrollTop ?? top)) >= 1;
    this.#show(follows);
  }

  #show(follows: boolean): void {
    const first = this.#heights.indexAt(this.#offset - MARGIN);
    const end = this.#offset + this.#view + MARGIN;
    const parts: ShownPart[] = [];
    for (let index = first; index < this.#heights.count && this.#heights.startOf(index) < end; index += 1)
      parts.push({
        index,
        key: this.#heights.keyAt(index),
        top: this.#heights.startOf(index) - this.#scale.shift,
      });
    const shown = { height: this.#scale.height, parts, follows };
    if (isSame(shown, this.#shown) && !this.#isDue) return;
    this.#shown = shown;
    for (const listener of this.#listeners) listener();
  }
}

/** Pixels from the end that still are the end. */
const NEAR = 8;

function isSame(a: Shown, b: Shown): boolean {
  return (
    a.height === b.height &&
    a.follows === b.follows &&
    a.parts.length === b.parts.length &&
    a.parts.every(({ key, top }, index) => key === b.parts[index]?.key && top === b.parts[index]?.top)
  );
}
