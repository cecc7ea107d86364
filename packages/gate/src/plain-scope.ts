import type {
  BoundaryRequest,
  CachedReply,
  ClaimedRun,
  FlowStorage,
  OutcomeReply,
  RunEvent,
  WireStorage,
} from "@weir/protocol";
import { type OpenedRun, OpenError, type RunFacts, type RunScope } from "./run-scope.ts";

/** A run of which nothing is sealed. */
export class PlainScope implements RunScope {
  facts: RunFacts;

  constructor(facts: RunFacts) {
    this.facts = facts;
  }

  admit(events: readonly RunEvent[]): readonly RunEvent[] {
    return events;
  }

  tighten(request: BoundaryRequest): void {
    this.facts = { ...this.facts, requests: [...this.facts.requests, request] };
  }

  async open(claimed: ClaimedRun): Promise<OpenedRun> {
    return { ...claimed, storage: plainStorage(claimed.storage) };
  }

  async openCached(reply: CachedReply): Promise<CachedReply> {
    return reply;
  }

  async openOutcome(reply: OutcomeReply): Promise<OutcomeReply> {
    return reply;
  }
}

function plainStorage(storage: WireStorage): FlowStorage {
  if (storage.kind === "local") return storage;
  throw new OpenError("The place of the flow's code is sealed, and this gate has no key to open it.");
}
