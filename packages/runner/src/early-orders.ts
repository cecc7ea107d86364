import type { Order } from "@weir/protocol";

/** Orders, and task runs that they name, all together. */
const MOST = 100_000;

/** What is said of a cloud that ordered more. */
export const EARLY_ORDERS_FULL = `the cloud sent orders about more than ${MOST} task runs before the flow's process had begun`;

/** Orders that came before a child had begun. */
export class EarlyOrders {
  readonly #orders: Order[] = [];
  #weight = 0;

  get orders(): readonly Order[] {
    return this.#orders;
  }

  /** Keeps it. @returns false: there is no room, and it is not kept */
  push(order: Order): boolean {
    const weight = this.#weight + 1 + (order.numbers?.length ?? 0);
    if (weight > MOST) return false;
    this.#weight = weight;
    this.#orders.push(order);
    return true;
  }
}
