import { EnrolReply, EnrolRequest } from "./agent.ts";
import { ClaimReply, ClaimRequest } from "./claim.ts";
import { OutcomeReply, OutcomeRequest, StartReply, StartRequest } from "./child-run.ts";
import { KvDeleteReply, KvDeleteRequest, KvGetReply, KvGetRequest, KvSetReply, KvSetRequest } from "./kv.ts";
import { ReleaseReply, ReleaseRequest, Report, ReportReply } from "./report.ts";
import { CachedReply, CachedRequest, SlotsReply, SlotsRequest } from "./slots.ts";

/** Version of the line. The cloud serves this one and the one before; an older agent is refused with AGENT_TOO_OLD. */
export const API_VERSION = 1;
/** Header in which agent and runner tell the version of the line that they speak. */
export const API_VERSION_HEADER = "weir-api-version";

/** The run door: every message between agents, runners and the cloud. `token` says which credential opens it. */
export const RUN_DOOR = {
  enrol: { method: "POST", path: "/v1/agents", token: "agent-key", request: EnrolRequest, reply: EnrolReply },
  claim: { method: "POST", path: "/v1/claims", token: "session", request: ClaimRequest, reply: ClaimReply },
  report: { method: "POST", path: "/v1/runs/:id/reports", token: "run", request: Report, reply: ReportReply },
  slots: { method: "POST", path: "/v1/runs/:id/slots", token: "run", request: SlotsRequest, reply: SlotsReply },
  cached: { method: "POST", path: "/v1/runs/:id/cached", token: "run", request: CachedRequest, reply: CachedReply },
  start: { method: "POST", path: "/v1/runs/:id/starts", token: "run", request: StartRequest, reply: StartReply },
  outcome: {
    method: "POST",
    path: "/v1/runs/:id/outcomes",
    token: "run",
    request: OutcomeRequest,
    reply: OutcomeReply,
  },
  kvGet: { method: "POST", path: "/v1/runs/:id/kv/get", token: "run", request: KvGetRequest, reply: KvGetReply },
  kvSet: { method: "POST", path: "/v1/runs/:id/kv/set", token: "run", request: KvSetRequest, reply: KvSetReply },
  kvDelete: {
    method: "POST",
    path: "/v1/runs/:id/kv/delete",
    token: "run",
    request: KvDeleteRequest,
    reply: KvDeleteReply,
  },
  release: { method: "POST", path: "/v1/runs/:id/release", token: "run", request: ReleaseRequest, reply: ReleaseReply },
} as const;

export type RunDoorMessage = keyof typeof RUN_DOOR;
