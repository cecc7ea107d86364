// By the name of its file: Vitest would resolve the bare name to the package's ESM copy, while Yoga and Pothos, loaded by Node, get the
// CommonJS one, and an error of one copy is no GraphQLError of the other.
export {
  GraphQLError,
  GraphQLScalarType,
  getNamedType,
  getOperationAST,
  isInputObjectType,
  isObjectType,
  Kind,
  lexicographicSortSchema,
  parseValue,
  printSchema,
} from "graphql/index.js";
export type {
  DocumentNode,
  ExecutionArgs,
  ExecutionResult,
  GraphQLField,
  GraphQLInputField,
  GraphQLResolveInfo,
  GraphQLSchema,
  ValueNode,
} from "graphql/index.js";
