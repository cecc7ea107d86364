import { statSync } from "node:fs";
import type { Policy } from "@weir/gate";
import { type BoundaryAction, type DataClass, DEFAULT_ACTIONS, stricter } from "@weir/protocol";

/** What is not wrong with a policy, but may not be what was meant. */
export function policyNotes(policy: Policy): string[] {
  return [...mildOverrides(policy), ...absentFiles(policy)];
}

/** Whoever writes `log: send` into an override expects lines to be sent as they are. */
function mildOverrides(policy: Policy): string[] {
  const [base, ...overrides] = policy.entries ?? [];
  return overrides.flatMap(({ path, classes, lines }) =>
    (Object.entries(classes) as [DataClass, BoundaryAction][]).flatMap(([dataClass, action]) => {
      const before = base?.classes[dataClass] ?? DEFAULT_ACTIONS[dataClass];
      if (stricter(before, action) === action) return [];
      const where = `Line ${lines[dataClass] ?? "?"}: ${path}.${dataClass} says ${action}`;
      return [`${where}, which has no effect: ${before} holds for all, and an override only makes things stricter.`];
    }),
  );
}

/** On this machine; where the file is used, they may be there. */
function absentFiles(policy: Policy): string[] {
  const named: (readonly [readonly string[], string | null])[] = [
    [["logs", "module"], policy.logs.module],
    ...(policy.codeDirectories ?? []).map((directory) => [["code", "directories"], directory] as const),
  ];
  return named.flatMap(([path, file]) =>
    file === null || statSync(file, { throwIfNoEntry: false }) !== undefined
      ? []
      : [`Line ${policy.lineOf?.(path) ?? "?"}: ${path.join(".")} names ${file}, which is not on this machine.`],
  );
}
