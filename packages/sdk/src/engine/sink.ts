import type { BoundaryRequest, RunEvent } from "@weir/protocol";

/** Where the engine's events go: to the runner, or into memory. */
export interface Sink {
  /** Takes an event, always; it must not be changed afterwards. */
  emit(event: RunEvent): void;
  /** Values that must never leave this side. */
  redact(values: readonly string[]): void;
  /** A flow that is called asks for more of the gate. It must be heard before any event that is emitted after it. */
  tighten(request: BoundaryRequest): void;
  /** False: whoever takes the events cannot keep up, so nothing new is started until `onOpen` calls back. */
  readonly open: boolean;
  onOpen(callback: () => void): void;
}
