import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from "@pothos/core";
import { isId, REFUSALS } from "@weir/protocol";
import type { GraphqlContext } from "../graphql/context.ts";
import type { GraphQLFieldResolver } from "../graphql/graphql-js.ts";
import { toldError } from "../graphql/mask-error.ts";
import { auditDigest } from "./audit-digest.ts";
import { type AuditNote, audited } from "./audited.ts";
import { actorOf } from "./audit-actor.ts";
import { readChangedRow } from "./changed-rows.ts";

const PLUGIN = "weirAudit";

declare global {
  // How Pothos hears of a plugin's types.
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      weirAudit: AuditPlugin<Types>;
    }
  }
}

type Args = Readonly<Record<string, unknown>>;
type Resolver<Types extends SchemaTypes> = GraphQLFieldResolver<unknown, Types["Context"], object>;

/** Puts every mutation between two entries of the audit log, those too that are denied. A resolver adds to its own by `context.audited`. */
class AuditPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(resolve: Resolver<Types>, field: PothosOutputFieldConfig<Types>): Resolver<Types> {
    if (field.kind !== "Mutation") return resolve;
    return (root, args, context, info) => {
      const own = context as unknown as GraphqlContext;
      const { principal, tenantId, address, database, secrets, log } = own;
      const record = {
        tenantId,
        actor: actorOf(principal),
        ...(address === null ? {} : { address }),
        action: field.name,
        request: auditDigest(secrets, tenantId, args),
      };
      return audited(
        { pool: database.pool, log },
        withTarget(record, targetIn(field.name, args as Args)),
        async (note) => {
          // Mutations of one operation are resolved one after the other: whatever is noted until this one is over is its own.
          own.audited = note;
          await noteRow(own, note, "before", args as Args, field.name);
          const result: unknown = await settled(own, () => resolve(root, args, context, info));
          noteMade(note, field.name, args as Args, result);
          await noteAfter(own, note, args as Args, field.name);
          return result;
        },
      );
    };
  }
}

SchemaBuilder.registerPlugin(PLUGIN, AuditPlugin);

/** Its name, in the list of the builder's plugins: after the one of errors, so that it hears of them, and before the one of permissions. */
export default PLUGIN;

/** Digest of the row that the mutation changes, unless its resolver noted one. */
async function noteRow(
  { database, tenantId, secrets }: GraphqlContext,
  note: AuditNote,
  when: "before" | "after",
  args: Args,
  action: string,
): Promise<void> {
  const row = await readChangedRow(database.pool, tenantId, action, args);
  if (row !== null) note[when] ??= auditDigest(secrets, tenantId, row);
}

/** What was done was done: that its row cannot be read is told in the log, and is no reason to say otherwise. */
async function noteAfter(own: GraphqlContext, note: AuditNote, args: Args, action: string): Promise<void> {
  const made = note.target === undefined ? {} : { id: note.target.id };
  await noteRow(own, note, "after", { ...made, ...args }, action).catch((error: unknown) =>
    own.log.error({ tenantId: own.tenantId, action, err: error }, "what a mutation made of its row could not be read"),
  );
}

/** What may succeed later is not the last word on a request. */
async function settled<T>({ idempotency }: GraphqlContext, work: () => T): Promise<Awaited<T>> {
  try {
    return await work();
  } catch (error) {
    if (REFUSALS[toldError(error, "").code].retryable) idempotency?.letGo();
    throw error;
  }
}

type Target = NonNullable<AuditNote["target"]>;

function withTarget<R extends object>(record: R, target: Target | null): R & { target?: Target } {
  return target === null ? record : { ...record, target };
}

/** What a mutation is done to, where its arguments say it by an id. @example targetIn("cancelFlowRun", { id }) // { kind: "FlowRun", id } */
function targetIn(action: string, args: Args): Target | null {
  const { input } = args;
  const ids = [args, typeof input === "object" && input !== null ? (input as Args) : {}].flatMap((given) =>
    Object.entries(given).filter(([name, value]) => /^id$|Id$/.test(name) && typeof value === "string" && isId(value)),
  );
  const [first] = ids;
  return first === undefined ? null : { kind: kindOf(action, first[0]), id: first[1] as string };
}

/** @example kindOf("cancelFlowRun", "id") // "FlowRun"; kindOf("approveTaskRun", "flowRunId") // "FlowRun" */
function kindOf(action: string, name: string): string {
  const said = name === "id" ? action.replace(/^[a-z]+/, "") : name.slice(0, -2);
  return `${said.charAt(0).toUpperCase()}${said.slice(1)}`;
}

/** The id of what was made, where nothing else was named. */
function noteMade(note: AuditNote, action: string, args: Args, result: unknown): void {
  if (note.target !== undefined || targetIn(action, args) !== null) return;
  const { id } = (typeof result === "object" && result !== null ? result : {}) as { id?: unknown };
  if (typeof id === "string" && isId(id)) note.target = { kind: kindOf(action, "id"), id };
}
