/** Browsers draw nothing that is taller than 16 to 33 million pixels. */
const MOST_PIXELS = 12_000_000;

/**
 * Between what a browser scrolls, which has a greatest height, and a list that may be taller. Small moves are moves of the list, pixel for
 * pixel; a leap, as of the scroll bar, goes to the same part of the list.
 */
export class ScrollScale {
  readonly #most: number;
  #total = 0;
  #view = 0;
  #top = 0;
  #offset = 0;

  constructor(most: number = MOST_PIXELS) {
    this.#most = most;
  }

  /** Height of what the browser scrolls. */
  get height(): number {
    return Math.min(this.#total, this.#most);
  }

  /** Pixels of the list that stand above what the browser scrolls. */
  get shift(): number {
    return this.#offset - this.#top;
  }

  /** Where in the list that is. */
  get offset(): number {
    return this.#offset;
  }

  /** Both in pixels: of the whole list, and of what is seen of it. */
  resize(total: number, view: number): void {
    this.#total = total;
    this.#view = view;
    if (this.#isWhole()) this.#offset = this.#top;
  }

  /** The browser has scrolled to `top`; answers where in the list that is. */
  moved(top: number): number {
    const delta = top - this.#top;
    this.#top = top;
    if (this.#isWhole()) this.#offset = top;
    else if (Math.abs(delta) > LEAP_VIEWS * this.#view) this.#offset = top * this.#ratio();
    else this.#offset = this.#atEnds(top, this.#offset + delta);
    return this.#offset;
  }

  /** Where the browser is to scroll to, for a place of the list. */
  placed(offset: number): number {
    this.#offset = Math.max(0, Math.min(offset, this.#mostOffset()));
    this.#top = this.#isWhole() ? this.#offset : this.#offset / this.#ratio();
    return this.#top;
  }

  /** The list changed around a place that is to stay seen; answers where the browser is then, which is where it was if that can be. */
  kept(offset: number): number {
    const isWithin = this.#top <= this.#mostTop() && offset <= this.#mostOffset() && offset >= 0;
    if (this.#isWhole() || !isWithin) return this.placed(offset);
    this.#offset = offset;
    return this.#top;
  }

  /** Where the browser is to scroll to without the list moving, since it comes to an end before the list does; null: nowhere. */
  mended(): number | null {
    if (this.#isWhole()) return null;
    const isNearEnd = Math.min(this.#top, this.#mostTop() - this.#top) < LEAP_VIEWS * this.#view;
    const right = this.#offset / this.#ratio();
    if (!isNearEnd || Math.abs(right - this.#top) < 2) return null;
    return this.placed(this.#offset);
  }

  /** Where the browser has come to an end, so has the list, if it is as near as can be told. */
  #atEnds(top: number, offset: number): number {
    const most = this.#mostOffset();
    const near = 2 * this.#ratio();
    if (offset < 0 || (top <= 0 && offset < near)) return 0;
    return offset > most || (top >= this.#mostTop() - 1 && offset > most - near) ? most : offset;
  }

  #isWhole(): boolean {
    return this.#total <= this.#most;
  }

  #mostTop(): number {
    return Math.max(0, this.height - this.#view);
  }

  #mostOffset(): number {
    return Math.max(0, this.#total - this.#view);
  }

  #ratio(): number {
    return this.#mostOffset() / Math.max(1, this.#mostTop());
  }
}

/** More than a key or a wheel moves at once. */
const LEAP_VIEWS = 3;
