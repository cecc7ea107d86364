import { type BoundaryRequest, strictestOf } from "../boundary.ts";
import type { ClaimedRun } from "../claim.ts";
import { jsonProblem } from "../json.ts";
import { areSigned, jsonDigest } from "./digests.ts";
import { type Opened, openStatement, type Trust } from "./jws.ts";
import type { FlowStatement, ParametersStatement } from "./statements.ts";

/** What of a claimed run is checked, as it came: sealed where it is sealed. */
export type ClaimedWork = Pick<
  ClaimedRun,
  | "project"
  | "flow"
  | "flowVersion"
  | "storage"
  | "parameters"
  | "boundary"
  | "signature"
  | "parametersSignature"
  | "schedule"
>;

/**
 * Says why a claimed run is not the work of a trusted signer, in a sentence for people, or null when it is. Without trusted signers,
 * nothing is asked for.
 *
 * What it holds against: a cloud that changes code, entry, place, parameters, schedules or the flow's boundary, that swaps signatures
 * between flows, projects or versions, or that makes keys of its own. What not: a cloud may hand out signed work again and again, an older
 * signed version too, and may withhold it.
 * @param now seconds since 1970
 */
export async function workProblem(work: ClaimedWork, trust: Trust, now: number): Promise<string | null> {
  if (trust.signers.length === 0) return null;
  const unreadable =
    jsonProblem(work.storage, "its storage", DEPTH) ?? jsonProblem(work.parameters, "the object of its parameters");
  if (unreadable !== null) return `The run of flow ${shown(work.flow)} cannot be checked: ${unreadable}.`;
  const code = await openedCode(work, trust);
  if ("problem" in code) return code.problem;
  return (await codeProblem(work, code)) ?? (await parametersProblem(work, code.statement, trust, now));
}

/** A sealed place is a JWE inside an object. */
const DEPTH = 16;

const shown = (name: string): string => JSON.stringify(name);
const codeOf = ({ flow, flowVersion }: ClaimedWork): string =>
  `The code of flow ${shown(flow)} in version ${flowVersion}`;

async function openedCode(work: ClaimedWork, trust: Trust): Promise<Opened<FlowStatement>> {
  const advice = "Register it with `weir register --sign` and a key that the boundary policy trusts.";
  if (work.signature === undefined)
    return { problem: `${codeOf(work)} carries no signature, and this agent runs signed work only. ${advice}` };
  const opened = await openStatement("flow", work.signature, trust);
  return "problem" in opened ? { problem: `${codeOf(work)} ${opened.problem}. ${advice}` } : opened;
}

interface SignedCode {
  readonly statement: FlowStatement;
  readonly signer: string;
}

async function codeProblem(work: ClaimedWork, { statement, signer }: SignedCode): Promise<string | null> {
  if (statement.flow !== work.flow || statement.project !== work.project)
    return `${codeOf(work)} came with the signature of flow ${shown(statement.flow)} in project ${shown(statement.project)}, and belongs to project ${shown(work.project)}. The cloud, or whoever can write in its database, has swapped them.`;
  if (statement.storage !== (await jsonDigest(work.storage)))
    return `${codeOf(work)} is not what ${signer} signed: its place, its entry or the digests of its files were changed after that.`;
  return milderBoundary(work, statement.boundary, `${signer} signed for the flow ${shown(work.flow)}`);
}

/** What a signer asked of the gate must still be asked. More may be: the strictest of all wins. */
function milderBoundary(work: ClaimedWork, signed: BoundaryRequest | undefined, what: string): string | null {
  const asked: Readonly<Record<string, string>> = work.boundary ?? {};
  const wanted: Readonly<Record<string, string>> = strictestOf([work.boundary, signed]);
  const milder = Object.keys(wanted).find((dataClass) => asked[dataClass] !== wanted[dataClass]);
  if (milder === undefined) return null;
  return `The boundary that ${what} was made milder after that: "${wanted[milder]}" for the class "${milder}" came as "${asked[milder] ?? "nothing"}".`;
}

const inputsOf = ({ flow }: ClaimedWork): string => `The parameters of this run of flow ${shown(flow)}`;

async function parametersProblem(
  work: ClaimedWork,
  flow: FlowStatement,
  trust: Trust,
  now: number,
): Promise<string | null> {
  if (work.parametersSignature !== undefined) return givenProblem(work, flow, work.parametersSignature, trust, now);
  if (work.schedule !== undefined) return scheduledProblem(work, flow, work.schedule);
  if (await areSigned(work.parameters, undefined, flow.defaults)) return null;
  return `${inputsOf(work)} carry no signature, and are not the defaults that were signed with its code. Start it with \`weir run --sign\` and a key that the boundary policy trusts.`;
}

async function givenProblem(
  work: ClaimedWork,
  flow: FlowStatement,
  signature: string,
  trust: Trust,
  now: number,
): Promise<string | null> {
  const opened = await openStatement("parameters", signature, trust);
  if ("problem" in opened)
    return `What the parameters of this run of flow ${shown(work.flow)} came with ${opened.problem}. Start it with \`weir run --sign\` and a key that the boundary policy trusts.`;
  const { statement, signer } = opened;
  if (statement.flow !== work.flow || statement.project !== work.project)
    return `${inputsOf(work)} came with the signature of a run of flow ${shown(statement.flow)} in project ${shown(statement.project)}. The cloud, or whoever can write in its database, has swapped them.`;
  const late = expiry(work, statement, signer, now);
  if (late !== null) return late;
  if (!(await areSigned(work.parameters, statement.parameters, flow.defaults)))
    return `${inputsOf(work)} are not those that ${signer} signed, with the signed defaults for the others. They were changed after that, or the flow's defaults were.`;
  return milderBoundary(work, statement.boundary, `${signer} signed for this run`);
}

function expiry(work: ClaimedWork, { exp }: ParametersStatement, signer: string, now: number): string | null {
  if (exp === undefined || now < exp) return null;
  const until = new Date(exp * 1_000).toISOString();
  return `The parameters of this run of flow ${shown(work.flow)} were signed by ${signer} until ${until}, which is over by this agent's clock. Start the run anew.`;
}

async function scheduledProblem(work: ClaimedWork, flow: FlowStatement, name: string): Promise<string | null> {
  const { schedules = {}, defaults } = flow;
  const schedule = Object.hasOwn(schedules, name) ? schedules[name] : undefined;
  if (schedule === undefined)
    return `This run of flow ${shown(work.flow)} came as one of the schedule ${shown(name)}, which is not among those that were signed with its code.`;
  if (await areSigned(work.parameters, schedule.parameters, defaults)) return null;
  return `${inputsOf(work)} are not those that were signed for its schedule ${shown(name)}. They were changed after that.`;
}
