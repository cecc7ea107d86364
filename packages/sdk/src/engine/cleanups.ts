import { failureOf } from "../failure-of.ts";
import type { Body } from "./body.ts";
import type { TaskCall } from "./calls.ts";
import type { TaskNode } from "./task-node.ts";

/** What a flow has set up and must clean up: in the opposite order, each as a task run of its own, after success, failure and cancel. */
export class Cleanups {
  readonly #body: Body;
  readonly #due: { readonly resource: TaskNode; readonly call: TaskCall }[] = [];

  constructor(body: Body) {
    this.#body = body;
  }

  add(resource: TaskNode, call: TaskCall): void {
    this.#due.push({ resource, call });
  }

  /** Cleans up what was set up. One that fails is told, and keeps neither the others from it nor the flow from its end. */
  async run(): Promise<void> {
    for (const { resource, call } of this.#due.toReversed()) {
      if (resource.verdict() !== "ok") continue;
      const cleanup = this.#body.call({ ...call, values: [resource.take()] });
      try {
        await cleanup;
      } catch (error) {
        this.#body.flowRun.log("error", `${cleanup.label()} failed: ${failureOf(error).message}`, cleanup);
      }
    }
  }
}
