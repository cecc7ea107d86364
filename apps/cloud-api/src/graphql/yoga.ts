import { EnvelopArmorPlugin } from "@escape.tech/graphql-armor";
import { useCSRFPrevention } from "@graphql-yoga/plugin-csrf-prevention";
import { makeId } from "@weir/protocol";
import { createYoga, type GraphQLParams, type Plugin } from "graphql-yoga";
import type { Principal } from "../api-keys/api-keys.ts";
import { auditUnbegun } from "../audit/audit-unbegun.ts";
import { beginOnce } from "../idempotency/begin-once.ts";
import type { IdempotentRequest } from "../idempotency/idempotent-request.ts";
import type { Rates } from "../rates/rates.ts";
import { refuseBeforeEffect } from "../rights/refuse-before-effect.ts";
import { createBatches } from "./batches.ts";
import type { GraphqlContext } from "./context.ts";
import { KnownDocuments, NOTHING_KNOWN } from "./known-documents.ts";
import { limitCost } from "./cost-limit.ts";
import { limitText } from "./limit-text.ts";
import type { GraphqlDeps } from "./deps.ts";
import { codeOf, maskedError, toldError } from "./mask-error.ts";
import { QUERY_LIMITS } from "./query-limits.ts";
import { schema } from "./schema.ts";

/** What the HTTP server found out before GraphQL was asked. */
export interface Asked {
  readonly principal: Principal;
  /** The body, parsed. */
  readonly params: GraphQLParams;
  readonly gone: AbortSignal;
  /** Network address that it came from. */
  readonly address?: string;
  /** Absent: it carries no idempotency key. */
  readonly idempotency?: IdempotentRequest;
}

/** Builds the GraphQL server: it answers a Request that carries no body, with what was `Asked` beside it. */
export function createGraphql(deps: GraphqlDeps & { readonly rates: Rates }) {
  return createYoga<Asked, GraphqlContext>({
    schema,
    context: ({ principal, params, gone, address, idempotency }) => ({
      database: deps.database,
      secrets: deps.secrets,
      wake: deps.wake,
      log: deps.log,
      config: deps.config,
      principal,
      tenantId: principal.tenantId,
      address: address ?? null,
      params,
      idempotency: idempotency ?? null,
      audited: {},
      batches: createBatches(),
      gone,
    }),
    graphiql: false,
    landingPage: false,
    multipart: false,
    batching: false,
    cors: false,
    logging: false,
    parserAndValidationCache: { documentCache: new KnownDocuments(), errorCache: NOTHING_KNOWN },
    maskedErrors: { maskError: (error) => mask(error, deps) },
    plugins: [
      // First, so that it masks what the others say.
      useCSRFPrevention({ requestHeaders: ["authorization"] }),
      takeParsedBody,
      limitText(QUERY_LIMITS),
      EnvelopArmorPlugin({
        maxDepth: { n: QUERY_LIMITS.depth, flattenFragments: true },
        maxAliases: { n: QUERY_LIMITS.aliases },
        maxDirectives: { n: QUERY_LIMITS.directives },
        // `limitText` counts them, and how deep they are nested.
        maxTokens: { enabled: false },
        // It knows nothing of page sizes: `limitCost` does.
        costLimit: { enabled: false },
        // Whoever may ask may read the schema: a typing mistake should be told.
        blockFieldSuggestion: { enabled: false },
      }),
      auditUnbegun,
      limitCost(QUERY_LIMITS.cost, ({ principal }, cost) => deps.rates.takeCost(principal, cost)),
      refuseBeforeEffect,
      // After all that may refuse an operation as a whole.
      beginOnce,
      oneCatalogueOfCodes,
    ],
  });
}

/** The server has read and parsed the body already, as `application/json` and nothing else: none of Yoga's own parsers is reached. */
const takeParsedBody: Plugin<{}, Asked> = {
  onRequestParse({ serverContext, setRequestParser }) {
    setRequestParser(() => serverContext.params);
  },
};

/** What Yoga says of a document that does not fit the schema carries a code of its own; clients shall know one catalogue. */
const oneCatalogueOfCodes: Plugin = {
  onExecutionResult({ result }) {
    if (!result || !("errors" in result)) return;
    for (const { extensions } of result.errors ?? []) extensions.code = codeOf(extensions.code);
  },
};

function mask(error: unknown, { log }: GraphqlDeps): Error {
  const reference = makeId();
  const told = toldError(error, reference);
  if (told.unexpected)
    log.error({ err: error, reference }, "a GraphQL operation failed for a reason of the cloud's own");
  return maskedError(error, told);
}
