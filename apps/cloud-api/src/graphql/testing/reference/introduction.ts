/** What stands above the operations. Each block of commands is run by a test, and its answer holds what the JSON below it says. */
export const INTRODUCTION = `# GraphQL

Written by a test, from the schema that the cloud serves: \`vitest run apps/cloud-api/src/graphql/reference-page.test.ts -u\` writes it anew. Another test
takes every command out of this page and runs it against a cloud. The types of all fields, with what each of them means, are in
[schema.graphql](../apps/cloud-api/schema.graphql).

One address answers everything: \`POST /graphql\`, a body of \`application/json\`.

## Keys

Make a key with \`weir keys create\` and keep it where your program finds it; it goes into the header \`authorization\`. What a key may do is
in [roles.md](roles.md). The commands below use these two:

\`\`\`sh
ask() { curl --silent --show-error "$WEIR_API_URL/graphql" --header "authorization: Bearer $WEIR_API_KEY" --header "content-type: application/json" --data @- "$@"; }
follow() { ask --no-buffer --header "accept: text/event-stream"; }
\`\`\`

\`\`\`sh
ask <<'JSON'
{ "query": "{ viewer { scope } }" }
JSON
\`\`\`

\`\`\`json
{ "data": { "viewer": { "scope": "user" } } }
\`\`\`

Without a key nothing is parsed, and nobody reads the schema; with one, introspection is open:

\`\`\`sh
curl --silent "$WEIR_API_URL/graphql" --header "content-type: application/json" --data '{ "query": "{ __typename }" }'
\`\`\`

\`\`\`json
{ "code": "UNAUTHENTICATED" }
\`\`\`

A browser that is signed in sends its cookie in the place of a key, and only from pages of the cloud's own address. GET, forms and lists of
operations are not served. The dashboard names its operations by ids, \`{ "extensions": { "operationId": "…" }, "variables": … }\`; an operator can have browsers
send no others ([operations.md](operations.md)).

## Pages

Lists are read in pages: \`first\` rows, then those \`after\` the \`endCursor\` of the page before, while \`hasNextPage\`; \`last\` and \`before\` go the other way.
A cursor stays good: what is added meanwhile moves no row to another page.

\`\`\`sh
ask <<'JSON'
{ "query": "{ flowRuns(first: 1) { nodes { name } pageInfo { endCursor hasNextPage } } }" }
JSON
\`\`\`

\`\`\`json
{ "data": { "flowRuns": { "pageInfo": { "hasNextPage": true } } } }
\`\`\`

\`\`\`sh
ask <<'JSON'
{
  "query": "query ($after: String) { flowRuns(first: 1, after: $after) { nodes { name } } }",
  "variables": { "after": "END_CURSOR" }
}
JSON
\`\`\`

\`\`\`json
{ "data": { "flowRuns": { "nodes": [{}] } } }
\`\`\`

## Errors

A mutation answers its payload or a \`Refusal\`, as a union: ask for \`__typename\` and decide by the \`code\`, never by the sentence, which is for people. What is
wrong with the request itself comes as \`errors\`, with the same codes in \`extensions.code\`; what never came to GraphQL (no key, no JSON, too large), as
\`{ "code": …, "message": … }\` with an HTTP status. A field that the key may not read is null, with an error \`FORBIDDEN\` beside it.

\`\`\`sh
ask <<'JSON'
{ "query": "mutation { createProject(input: { name: \\"default\\" }) { __typename ... on Refusal { code } } }" }
JSON
\`\`\`

\`\`\`json
{ "data": { "createProject": { "__typename": "Refusal", "code": "CONFLICT" } } }
\`\`\`

\`\`\`sh
ask <<'JSON'
{ "query": "{ viewer { shoeSize } }" }
JSON
\`\`\`

\`\`\`json
{ "errors": [{ "extensions": { "code": "INVALID" } }] }
\`\`\`

Any operation can end with \`FORBIDDEN\`, \`INVALID\` or one of the codes of keys and sessions; what else a mutation refuses with is said of each. Codes
that may succeed later tell how long to wait, as \`retryAfterSeconds\` and in the header \`retry-after\`.

{codes}

## Idempotency

Every mutation takes the header \`idempotency-key\`: one text of 1 to 200 printable characters, another for each thing you want done. The same request with the same
key is answered as the first was, with the header \`idempotency-replayed: true\`, and does nothing; kept for a day. So a request whose answer was lost is
simply sent again.

\`\`\`sh
ask --header "idempotency-key: reports-2026-01" <<'JSON'
{ "query": "mutation { createProject(input: { name: \\"monthly\\" }) { __typename ... on Refusal { code } } }" }
JSON
\`\`\`

\`\`\`json
{ "data": { "createProject": { "__typename": "CreateProjectPayload" } } }
\`\`\`

\`\`\`sh
ask --header "idempotency-key: reports-2026-01" <<'JSON'
{ "query": "mutation { createProject(input: { name: \\"monthly\\" }) { __typename ... on Refusal { code } } }" }
JSON
\`\`\`

\`\`\`json
{ "data": { "createProject": { "__typename": "CreateProjectPayload" } } }
\`\`\`

## Limits

{limits}

Every reply tells what it cost, in \`extensions.cost\`. Beside this, a key and a tenant have so much cost in a minute: what is more is answered 429,
\`RATE_LIMITED\`, with \`retry-after\`. How much, and other quotas, the operator says ([operations.md](operations.md)).

\`\`\`sh
ask <<'JSON'
{ "query": "{ flowRuns(first: 200) { nodes { taskRuns(first: 200) { nodes { number } } } } }" }
JSON
\`\`\`

\`\`\`json
{ "errors": [{ "extensions": { "code": "INVALID" } }] }
\`\`\`

Ask for heavy fields (parameters, states, lines, holdings, differences of versions) on single things, not on lists of them.

## Streams

Subscriptions are answered as server-sent events: \`accept: text/event-stream\`. Each message is an event \`next\` with the JSON of a reply; \`complete\` is the last. When a
stream breaks, subscribe again with the \`after\` of the newest message: nothing is missed.
`;
