import type { Plugin } from "graphql-yoga";
import { GraphQLError, Lexer, Source, TokenKind } from "./graphql-js.ts";

/** Bounds of a document's text. */
export interface TextLimits {
  readonly tokens: number;
  /** Brackets, braces and parentheses that are open at once. */
  readonly nesting: number;
}

const OPENING: ReadonlySet<string> = new Set([TokenKind.PAREN_L, TokenKind.BRACKET_L, TokenKind.BRACE_L]);
const CLOSING: ReadonlySet<string> = new Set([TokenKind.PAREN_R, TokenKind.BRACKET_R, TokenKind.BRACE_R]);

/**
 * Counts the tokens of a document before it is parsed. The parser calls itself for every level of nesting: below a bound on tokens alone,
 * `[[[[…` runs out of stack, and that looks like a failure of the cloud's own.
 *
 * @throws {GraphQLError} `text` has more tokens or is nested deeper than allowed, or holds a character that belongs to no token.
 */
export function checkText(text: string, limits: TextLimits): void {
  const lexer = new Lexer(new Source(text));
  let nesting = 0;
  for (let tokens = 0; lexer.advance().kind !== TokenKind.EOF;) {
    const { kind } = lexer.token;
    tokens += 1;
    if (OPENING.has(kind)) nesting += 1;
    if (CLOSING.has(kind)) nesting -= 1;
    if (tokens > limits.tokens)
      throw new GraphQLError(
        `The document has more than ${limits.tokens} tokens; ask for less at once, and pass values as variables.`,
      );
    if (nesting > limits.nesting)
      throw new GraphQLError(
        `The document is nested more than ${limits.nesting} levels deep; pass nested values as variables.`,
      );
  }
}

/** Checks each document that is parsed; one that is known from before was checked then. */
export const limitText = (limits: TextLimits): Plugin => ({
  onParse({ parseFn, setParseFn }) {
    setParseFn((source: string | Source, options) => {
      checkText(typeof source === "string" ? source : source.body, limits);
      return parseFn(source, options) as unknown;
    });
  },
});
