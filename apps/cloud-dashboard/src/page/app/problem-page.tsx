import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { Problem } from "../ui/problem.tsx";

/** Where a page broke: the rest of the shell stays. */
export function ProblemPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const again = () => {
    reset();
    void router.invalidate();
  };
  return <Problem error={error} again={again} />;
}
