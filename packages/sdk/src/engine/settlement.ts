import type { Failure } from "@weir/protocol/failure";
import type { StateName } from "@weir/protocol/state";
import { failureOf } from "../failure-of.ts";
import { MappedNode } from "./mapped-node.ts";
import { RunHandle, type Verdict } from "./run-handle.ts";
import type { RunNode } from "./run-node.ts";
import type { UpstreamState } from "../task/triggers.ts";

/** `Settled`, its type forgotten. */
export type AnySettled = { readonly state: StateName; readonly value?: unknown; readonly failure?: Failure };

function settledOf(node: RunNode): AnySettled {
  const verdict = node.verdict();
  if (verdict === "ok" || verdict === "skipped") return { state: node.state, value: node.take() };
  return { state: node.state, failure: failureOf(node.error) };
}

/** How a run ended, as an input that always arrives. */
export class Settlement extends RunHandle {
  readonly #node: RunNode;
  readonly error = undefined;
  #follows = false;

  constructor(node: RunNode) {
    super();
    this.#node = node;
    node.hear();
  }

  get flowRun() {
    return this.#node.flowRun;
  }

  get identity() {
    return this.#node.identity;
  }

  use(): void {
    this.#node.use();
    this.#follow();
  }

  hear(): void {
    this.#follow();
  }

  #follow(): void {
    this.done = this.#node.done;
    if (this.done || this.#follows) return;
    this.#follows = true;
    this.#node.subscribe(() => {
      this.#follows = false;
      this.settle();
    });
  }

  verdict(): Verdict {
    return "ok";
  }

  take(): AnySettled {
    const settled = settledOf(this.#node);
    if (!(this.#node instanceof MappedNode)) return settled;
    const children = this.#node.begunChildren().map((child) => settledOf(child));
    return Object.assign(settled, { children });
  }

  upstreamStates(into: UpstreamState[]): void {
    this.#node.upstreamStates(into);
  }

  override persist(): void {
    this.#node.persist();
  }

  override waitsOn(other: RunHandle): boolean {
    return this.#node === other || this.#node.waitsOn(other);
  }

  label(): string {
    return this.#node.label();
  }
}
