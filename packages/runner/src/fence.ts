import { fenceAt, type Lease } from "./lease.ts";

/** Watches the lease and speaks up once, when two thirds of it have passed since the last acknowledged report was sent. */
export class Fence {
  readonly #lease: () => Lease;
  readonly #onFence: () => void;
  #timer: NodeJS.Timeout | undefined;
  #spoke = false;

  constructor(lease: () => Lease, onFence: () => void) {
    this.#lease = lease;
    this.#onFence = onFence;
    this.#watch();
  }

  // The timer is not set anew with every report, 20 times a second: it looks at the lease when it fires.
  #watch(): void {
    const left = fenceAt(this.#lease()) - performance.now();
    if (left > 0) this.#timer = setTimeout(() => this.#watch(), left);
    else {
      this.#spoke = true;
      this.#onFence();
    }
  }

  /** Watches again, after it spoke up and the lease was renewed all the same. */
  again(): void {
    if (!this.#spoke) return;
    this.#spoke = false;
    this.#watch();
  }

  close(): void {
    clearTimeout(this.#timer);
  }
}
