import { useQuery } from "@tanstack/react-query";
import { keyInUse } from "./credential.ts";
import { people } from "./people.ts";

/** Who is here with the browser's cookie; undefined for whoever came with a key, and until the cloud has said it. */
export function useSession() {
  return useQuery({
    queryKey: ["session"],
    queryFn: ({ signal }) => people.session(signal),
    enabled: keyInUse() === null,
    staleTime: 60_000,
  }).data;
}
