import { makeId } from "@weir/protocol/ids";
import {
  keepPreviousData,
  useMutation,
  type UseMutationResult,
  useQuery,
  useQueryClient,
  type UseQueryResult,
} from "@tanstack/react-query";
import { ask, done } from "./ask.ts";
import type { Operation } from "./operation.ts";

interface Options<Data> {
  /** Milliseconds between two looks, while the page is seen; absent: once, and whenever somebody comes back to it. */
  readonly every?: number | ((data: Data | undefined) => number | false);
  readonly enabled?: boolean;
  /** Shows what was there until the new answer is. */
  readonly keep?: boolean;
}

/**
 * What an operation answers, kept up to date.
 * @example
 * const { data, error } = useCloud(RunPage, { id }, { every: 5_000 });
 */
export function useCloud<Data, Variables>(
  operation: Operation<Data, Variables>,
  variables: Variables,
  { every, enabled = true, keep = false }: Options<Data> = {},
): UseQueryResult<Data> {
  return useQuery<Data>({
    queryKey: [operation.name, variables],
    queryFn: ({ signal }) => ask(operation, variables, { signal }),
    enabled,
    ...(every === undefined
      ? {}
      : { refetchInterval: typeof every === "number" ? every : ({ state }) => every(state.data) }),
    ...(keep ? { placeholderData: keepPreviousData } : {}),
  });
}

/**
 * A mutation with one result field, and what to look at again when it was done: all of the page, since what a person does shows in many places.
 * @example
 * const cancel = useChange(CancelRun, ({ cancelFlowRun }) => cancelFlowRun);
 * cancel.mutate({ id });
 */
export function useChange<Data, Variables, Result extends { readonly __typename: string }>(
  operation: Operation<Data, Variables>,
  resultOf: (data: Data) => Result,
): UseMutationResult<ReturnType<typeof done<Result>>, Error, Variables> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (variables: Variables) =>
      done(resultOf(await ask(operation, variables, { idempotencyKey: makeId() }))),
    onSettled: () => client.invalidateQueries(),
  });
}
