import { isClaimable } from "@weir/protocol";
import type { Pause } from "../../queue/pause-queue.ts";
import type { AgentsFacts, LabelUse, NearAgent, OpenApproval, TagUse, WaitingFacts } from "./waiting-facts.ts";

/** Every answer to "why is this run waiting?". Programs decide by these, never by the sentence. */
export const WAITING_REASONS = {
  SCHEDULED: "Its time has not come.",
  RETRYING: "It was begun before, and goes on at a later time.",
  QUEUE_PAUSED: "A person paused the queue of the tenant.",
  NO_AGENT: "The tenant has no agent.",
  NO_MATCHING_AGENT: "No agent has all of its labels and serves its project.",
  AGENTS_OFFLINE: "No agent that could take it was heard of lately.",
  AGENTS_PAUSED: "A person paused each agent that could take it.",
  LIMIT_FULL: "As many runs with one of its labels are held as may be.",
  AGENTS_FULL: "Each agent that could take it holds as many runs as it may.",
  CLAIMABLE: "Nothing: an agent takes it at its next look.",
  PAUSED: "A person paused it.",
  AWAITS_APPROVAL: "A task run of it waits for a person's approval.",
  SUBMITTED: "An agent holds it and has not begun it.",
  TASK_SLOT: "Task runs of it wait for a slot of a tag.",
  CANCELLING: "It is asked to stop, and its agent has not stopped it.",
} as const;

export type WaitingReason = keyof typeof WAITING_REASONS;

/** Why a run waits: the code, a sentence for people, and the facts behind both. Lists that say nothing of the reason are empty. */
export interface Waiting {
  readonly reason: WaitingReason;
  readonly sentence: string;
  /** What a person can type to change it. */
  readonly command: string | null;
  readonly until: Date | null;
  readonly pause: Pause | null;
  readonly agents: readonly NearAgent[];
  readonly limits: readonly LabelUse[];
  readonly taskSlots: readonly TagUse[];
  readonly approvals: readonly OpenApproval[];
}

const NOTHING = { command: null, until: null, pause: null, agents: [], limits: [], taskSlots: [], approvals: [] };

/** Why a run waits; null when it does not. */
export function decideWaiting(facts: WaitingFacts): Waiting | null {
  if (isClaimable(facts.state)) return ofClaimable(facts);
  const { state, runId, approvals, taskSlots } = facts;
  if (state === "Paused") return ofPaused(facts);
  if (state === "Submitted") {
    return { ...NOTHING, reason: "SUBMITTED", sentence: `${holderOf(facts)}; it has not begun the run yet.` };
  }
  if (state === "Cancelling") {
    return {
      ...NOTHING,
      reason: "CANCELLING",
      sentence: `It was asked to stop. ${holderOf(facts)}; if that stays silent, the run is Cancelled when its lease ends.`,
      command: `weir runs watch ${runId}`,
    };
  }
  if (state !== "Running" || taskSlots.length === 0) return null;
  return {
    ...NOTHING,
    reason: "TASK_SLOT",
    sentence: slotSentence(taskSlots),
    command: "weir limits list",
    approvals,
    taskSlots,
  };
}

/** What stands in the way of its claim: first time, then what a person did, then agents, then limits, then room. */
function ofClaimable(facts: WaitingFacts): Waiting {
  const { queuePause, scheduledStartTime, attempt, limits, agents } = facts;
  if (!facts.isDue) {
    const until = scheduledStartTime;
    const when = until.toISOString();
    return attempt === 0
      ? { ...NOTHING, reason: "SCHEDULED", sentence: `It is scheduled for ${when}.`, until }
      : { ...NOTHING, reason: "RETRYING", sentence: `Attempt ${attempt} is over; it goes on at ${when}.`, until };
  }
  if (queuePause !== null) {
    const pause = { ...queuePause, at: new Date(queuePause.at) };
    const sentence = `${pause.by} paused the queue at ${pause.at.toISOString()}: no agent claims a run.`;
    return { ...NOTHING, reason: "QUEUE_PAUSED", sentence, command: "weir queue resume", pause };
  }
  const without = agents === null ? null : ofAgents(facts, agents);
  if (without !== null) return without;
  const full = limits.filter(({ slots, held }) => held >= slots);
  if (full.length > 0) {
    return {
      ...NOTHING,
      reason: "LIMIT_FULL",
      sentence: limitSentence(full),
      command: "weir limits list",
      limits: full,
    };
  }
  const nearest = agents?.nearest ?? [];
  if (agents !== null && agents.ready === 0)
    return { ...NOTHING, reason: "AGENTS_FULL", ...ofFull(nearest), agents: nearest };
  const who = nearest[0] === undefined ? "An agent" : `Agent ${nearest[0].name}`;
  return {
    ...NOTHING,
    reason: "CLAIMABLE",
    sentence: `Nothing stands in its way: ${who} takes it at its next look.`,
    agents: nearest,
  };
}

/** What agents lack, or null when one could take it once it has room. */
function ofAgents(facts: WaitingFacts, { total, matching, online, open, nearest }: AgentsFacts): Waiting | null {
  const command = startCommand(facts);
  if (total === 0) {
    return { ...NOTHING, reason: "NO_AGENT", sentence: `There is no agent. Start one: ${command}`, command };
  }
  if (matching === 0) {
    const what = facts.labels.length === 0 ? "" : ` has the labels ${facts.labels.join(", ")} and`;
    const near = nearest.map(nearness).join("; ");
    const none = `None of the ${total} agents${what} serves the project ${facts.project}. Nearest: ${near}.`;
    const sentence = total === 1 ? `Agent ${near}.` : none;
    return { ...NOTHING, reason: "NO_MATCHING_AGENT", sentence, command, agents: nearest };
  }
  if (online === 0) {
    const heard = nearest.filter(fits).map(({ name, silentSeconds }) => `${name} last heard ${ago(silentSeconds)}`);
    const sentence = `No agent that could take it was heard of lately: ${heard.join(", ")}.`;
    return { ...NOTHING, reason: "AGENTS_OFFLINE", sentence, command, agents: nearest };
  }
  if (open > 0) return null;
  const paused = nearest.filter((agent) => fits(agent) && agent.online);
  const told = paused.map(({ name, pausedBy }) => `${name} by ${pausedBy ?? "nobody"}`).join(", ");
  const sentence = `Each agent that could take it is paused: ${told}.`;
  const resume = paused[0] === undefined ? null : `weir agents resume ${word(paused[0].name)}`;
  return { ...NOTHING, reason: "AGENTS_PAUSED", sentence, command: resume, agents: nearest };
}

function ofFull(nearest: readonly NearAgent[]): { sentence: string; command: null } {
  const told = nearest
    .filter((agent) => fits(agent) && agent.online)
    .map(({ name, held, capacity }) => `${name} (${held} of ${capacity})`);
  return { sentence: `Each agent that could take it holds as many runs as it may: ${told.join(", ")}.`, command: null };
}

function ofPaused({ runId, pauseAsked, approvals }: WaitingFacts): Waiting {
  const [first] = approvals;
  if (!pauseAsked && first !== undefined) {
    const told = approvals.map(({ task, taskRunNumber }) => `${task} (task run ${taskRunNumber})`).join(", ");
    const command = `weir runs approve ${runId} ${first.taskRunNumber}`;
    return {
      ...NOTHING,
      reason: "AWAITS_APPROVAL",
      sentence: `${told} waits for a person's approval.`,
      command,
      approvals,
    };
  }
  const sentence = "A person paused it; it goes on when somebody resumes it.";
  return { ...NOTHING, reason: "PAUSED", sentence, command: `weir runs resume ${runId}`, approvals };
}

const fits = ({ missingLabels, servesProject }: NearAgent) => servesProject && missingLabels.length === 0;

function nearness({ name, missingLabels, servesProject, online, silentSeconds }: NearAgent): string {
  const lacks = [
    ...(missingLabels.length > 0 ? [`lacks ${missingLabels.join(", ")}`] : []),
    ...(servesProject ? [] : ["serves other projects"]),
  ].join(" and ");
  return `${name} ${lacks}${online ? "" : `, last heard ${ago(silentSeconds)}`}`;
}

function holderOf({ holder }: WaitingFacts): string {
  return holder === null
    ? "An agent holds it"
    : `Agent ${holder.name} holds it, last heard ${ago(holder.silentSeconds)}`;
}

function limitSentence(full: readonly LabelUse[]): string {
  return full
    .map(({ label, slots, held, holders }) => {
      if (slots === 0) return `The limit of the label ${label} is 0: no run with it may be held.`;
      const more = held - holders.length;
      const names = holders.map(({ flowRunName }) => flowRunName).join(", ");
      return `The limit of the label ${label} is full (${held} of ${slots}): held by ${names}${more > 0 ? ` and ${more} more` : ""}.`;
    })
    .join(" ");
}

function slotSentence(tags: readonly TagUse[]): string {
  return tags
    .map(({ tag, slots, held, waiting }) => {
      const runs = waiting === 1 ? "1 task run waits" : `${waiting} task runs wait`;
      return `${runs} for a slot of the tag ${tag} (${held} of ${slots ?? "unlimited"} held).`;
    })
    .join(" ");
}

function startCommand({ labels, project }: WaitingFacts): string {
  return ["weir agent start", ...labels.map((label) => `--label ${word(label)}`), `--project ${word(project)}`].join(
    " ",
  );
}

/** As one word of a shell. */
const word = (text: string) => (/^[\w.:@/-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`);

function ago(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 120) return `${whole} s ago`;
  if (whole < 7_200) return `${Math.round(whole / 60)} min ago`;
  return whole < 172_800 ? `${Math.round(whole / 3_600)} h ago` : `${Math.round(whole / 86_400)} days ago`;
}
