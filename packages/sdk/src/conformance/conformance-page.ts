import type { Proof } from "./row.ts";
import { RULES, type RuleId, RULE_IDS } from "./rules.ts";

const HEAD = `# What the engine keeps, rule by rule

Made from \`packages/sdk/src/conformance\`; do not edit it by hand. Each rule stands with its words in the design; below it, the
tests that prove it. Every line below a rule is the name of a test: run one with \`vitest run packages/sdk/src/conformance -t "<its name>"\`.
Write it anew with \`vitest run packages/sdk/src/conformance -u\`, and read what has changed.
`;

function ruleText(rule: RuleId, proofs: readonly Proof[]): string {
  const names = proofs.filter((proof) => proof.rule === rule).map(({ name }) => `- ${name}`);
  return [`### ${rule}`, "", `> ${RULES[rule]}`, "", ...names].join("\n");
}

/** The page of all rules and their proofs. */
export function conformancePage(proofs: readonly Proof[]): string {
  const sections = Map.groupBy(RULE_IDS, (rule) => rule.slice(0, rule.indexOf(".")));
  const parts = [...sections].map(([section, rules]) =>
    [`## ${section}`, ...rules.map((rule) => ruleText(rule, proofs))].join("\n\n"),
  );
  return `${HEAD}\n${RULE_IDS.length} rules, ${proofs.length} proofs.\n\n${parts.join("\n\n")}\n`;
}
