/** What one GraphQL operation may ask for. Weir's own programs stay below half of each. */
export const QUERY_LIMITS = {
  /** Levels of fields. `flowRuns → edges → node → taskRuns → edges → node → states → state` are 8. */
  depth: 10,
  /** Aliases: without a bound, one request is a thousand. */
  aliases: 20,
  directives: 10,
  /** Tokens of the document's text, variables not counted. The introspection query of common tools has about 700. */
  tokens: 2_000,
  /** Brackets open at once: of values too, which `depth` does not count. The parser's stack holds about ten times as many. */
  nesting: 100,
  /** Fields of the reply, lists multiplied by their page size. A page of 200 flow runs with 20 fields and their flow is 5,000. */
  cost: 20_000,
  /** Rows of a page, when `first` and `last` are absent. */
  pageSize: 50,
  /** Rows of a page at most; asking for more gives this many, and `pageInfo.hasNextPage`. */
  maxPageSize: 200,
  /** Bytes of the HTTP body: a registration (1 MiB) or parameters (512 KiB) and the document, with room to refuse larger ones by name. */
  bodyBytes: 3 * 1024 * 1024,
} as const;
