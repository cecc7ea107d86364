import { buildClientSchema, type GraphQLSchema, type IntrospectionQuery } from "graphql";
import { useMemo } from "react";
import { useCloud } from "../cloud/use-cloud.ts";
import { Introspection } from "../generated/operations.ts";

/** What can be asked of the cloud, as the cloud says it. */
export function useSchema(): { readonly schema: GraphQLSchema | null; readonly error: unknown } {
  const { data, error } = useCloud(Introspection, {});
  const schema = useMemo(
    () => (data === undefined ? null : buildClientSchema(data as unknown as IntrospectionQuery)),
    [data],
  );
  return { schema, error };
}
