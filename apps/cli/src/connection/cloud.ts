import { randomBytes, randomUUID } from "node:crypto";
import { ConnectionError, createClient } from "@weir/client";
import { createGate, type Gate, type Signer } from "@weir/gate";
import { type GraphqlRequest, Refusal } from "@weir/protocol";
import { CliError } from "../cli-error.ts";
import { reportOf } from "../error-report.ts";
import { EXIT } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { createReader, type Reader } from "../seal/reader.ts";
import { cleanDeep } from "../terminal/clean.ts";
import type { Answers, Connection, Result } from "./answers.ts";
import { type Asked, DOCUMENTS } from "./documents.ts";
import { ownBoundary } from "./own-boundary.ts";
import { patiently } from "./patience.ts";
import { type ConnectionSettings, readSettings } from "./settings.ts";

type Variables<O extends Asked> = GraphqlRequest<O>["variables"];

export interface CloudOptions {
  /** Signs what is registered and started. */
  readonly signer?: Signer | null;
}

/** The way of one command to its cloud: through the gate, and what comes back is clean to print. */
export interface Cloud {
  readonly url: string;
  /** Opens what comes sealed. */
  readonly reader: Reader;
  /** Data of one operation. @throws Refusal, ConnectionError, CliError */
  ask<O extends Asked>(operation: O, variables: Variables<O>): Promise<Answers[O]>;
  /** What a mutation made. @throws Refusal also when the union says so */
  change<O extends Asked>(operation: O, variables: Variables<O>): Promise<PayloadOf<O>>;
  subscribe<O extends Asked>(operation: O, variables: Variables<O>, signal: AbortSignal): AsyncIterable<Answers[O]>;
  /** Says in one line what stayed sealed, if anything did. */
  close(): Promise<void>;
}

export type PayloadOf<O extends Asked> = Answers[O] extends { result: infer R }
  ? Exclude<R, { __typename: "Refusal" }>
  : never;

/** Questions that are answered also to those who may not see parameters or artifacts. Of all others, what may not be seen is what was asked for. */
const WITH_WITHHELD_FIELDS: ReadonlySet<Asked> = new Set<Asked>(["Flow", "FlowRun"]);

/** Opens the way to the cloud that the settings name. @throws CliError when there are none */
export function openCloud(
  io: Io,
  settings: ConnectionSettings = readSettings(io.env, io.cwd),
  options: CloudOptions = {},
): Cloud {
  const client = openClient(settings);
  let gate: Promise<Gate> | null = null;
  const pass = async <O extends Asked>(operation: O, variables: Variables<O>) => {
    gate ??= openGate(io, options);
    return (await gate).pass("graphql", { operationName: operation, query: DOCUMENTS[operation], variables });
  };
  const ask = async <O extends Asked>(operation: O, variables: Variables<O>): Promise<Answers[O]> => {
    try {
      // One key for all tries: what was done before its reply was lost is not done again.
      const withheldAsNull = WITH_WITHHELD_FIELDS.has(operation);
      const options = { token: settings.key, signal: io.interrupted, idempotencyKey: randomUUID(), withheldAsNull };
      return cleanDeep(
        await patiently(io, async () => client.graphql<Answers[O]>(await pass(operation, variables), options)),
      );
    } catch (error) {
      throw withSource(error, settings);
    }
  };
  const reader = createReader(io);
  return {
    url: client.url,
    reader,
    ask,
    change: async (operation, variables) => {
      const { result } = (await ask(operation, variables)) as { result: Result<object> };
      if (isRefusal(result)) throw withSource(new Refusal(result.code, result.message), settings);
      return result as PayloadOf<typeof operation>;
    },
    subscribe: async function* (operation, variables, signal) {
      try {
        const stream = client.subscribe<Answers[typeof operation]>(await pass(operation, variables), {
          token: settings.key,
          signal,
        });
        for await (const data of stream) yield cleanDeep(data);
      } catch (error) {
        throw withSource(error, settings);
      }
    },
    close: async () => {
      await client.close();
      await (await gate)?.close();
      const note = await reader.note();
      if (note !== null) io.err(`${io.paint.dim(note)}\n`);
    },
  };
}

/** No ledger: it belongs to the agent, one process a file. The key is for digests, of which GraphQL messages carry none. */
async function openGate(io: Io, { signer = null }: CloudOptions): Promise<Gate> {
  const { policy, insideKeys } = await ownBoundary(io);
  const own = { policy, insideKeys, signer: signer ?? undefined };
  return createGate({ ledgerFile: null, hmacKey: randomBytes(32), environment: io.env, ...own });
}

function openClient(settings: ConnectionSettings) {
  try {
    return createClient({ url: settings.url });
  } catch (error) {
    throw new CliError(
      EXIT.usage,
      "URL_INVALID",
      `${(error as Error).message} The URL came from ${settings.source}.`,
      error,
    );
  }
}

function isRefusal(result: Result<object>): result is Extract<Result<object>, { __typename: "Refusal" }> {
  return result.__typename === "Refusal";
}

/** A refused key and a cloud that is not there are best mended where URL and key came from. The cause stays for `isRetryable`. */
function withSource(error: unknown, { source }: ConnectionSettings): unknown {
  const { code, message, exitCode } = reportOf(error);
  const isAboutSettings = error instanceof Refusal ? exitCode === EXIT.auth : error instanceof ConnectionError;
  if (!isAboutSettings || exitCode === EXIT.interrupted) return error;
  return new CliError(exitCode, code, `${message} (URL and key came from ${source}.)`, error);
}

/** Runs a command's work with an open cloud, and closes it whatever happens. */
export async function withCloud<T>(io: Io, work: (cloud: Cloud) => Promise<T>, options: CloudOptions = {}): Promise<T> {
  const cloud = openCloud(io, readSettings(io.env, io.cwd), options);
  try {
    return await work(cloud);
  } finally {
    await cloud.close();
  }
}

/** Rows of all pages, up to `most`. `read` gets what a page needs and gives the connection. */
export async function allPages<T>(
  read: (page: { first: number; after?: string }) => Promise<Connection<T>>,
  most = Number.POSITIVE_INFINITY,
): Promise<T[]> {
  const rows: T[] = [];
  let after: string | null = null;
  do {
    const first = Math.min(PAGE_ROWS, most - rows.length);
    const { edges, pageInfo }: Connection<T> = await read({ first, ...(after === null ? {} : { after }) });
    rows.push(...edges.map(({ node }) => node));
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null && rows.length < most);
  return rows;
}

/** As many as the cloud gives at once. */
const PAGE_ROWS = 200;
