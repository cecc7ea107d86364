import { type BoundaryAction, BOUNDARY_ACTIONS, CLASS_ACTIONS, DATA_CLASSES, DEFAULT_ACTIONS } from "@weir/protocol";

const CLASSES = ["parameter", "log", "exception", "location", "run-name", "artifact", "config"] as const;
type PolicyClass = (typeof CLASSES)[number];

/** What is left when the cloud is to read nothing but metadata, and everything still works for whoever has a key. */
const STRICT = {
  parameter: "seal",
  log: "seal",
  exception: "id-only",
  location: "pseudonym",
  "run-name": "pseudonym",
  artifact: "seal",
  config: "seal",
} as const satisfies Record<PolicyClass, BoundaryAction>;

/** The text of a new policy file. @param schema path of the JSON Schema, for editors */
export function policyTemplate(schema: string, isStrict: boolean): string {
  const actions = Object.entries(BOUNDARY_ACTIONS).map(([name, what]) => `#   ${name.padEnd(10)} ${what}`);
  const classes = CLASSES.flatMap((name) => [
    `  # ${DATA_CLASSES[name]}`,
    `  # (${CLASS_ACTIONS[name].join(", ")})`,
    `  ${name}: ${isStrict ? STRICT[name] : DEFAULT_ACTIONS[name]}`,
  ]);
  return [
    `# yaml-language-server: $schema=${schema}`,
    ...HEAD,
    ...actions,
    "version: 1",
    "",
    "classes:",
    ...classes,
    ...REST,
    "",
  ].join("\n");
}

const HEAD = [
  "#",
  "# What may leave this side for the cloud. Agents and `weir` read the nearest such file from their folder upward,",
  "# or that of WEIR_BOUNDARY_FILE. `weir boundary check` tells what it does.",
  "#",
  "# The strictest of this file, of a flow's own option `boundary` and of what the cloud asks holds:",
  "# nobody else can make it milder. Ids, states, times and names of flows and tasks always cross.",
  "#",
];

const REST = `
# What is struck out where the action is redact, beside the secrets that flows register.
redact:
  # Values of environment variables whose names look secret: *_TOKEN, *_PASSWORD, *_KEY, …
  environment: true
  # What has the form of a well-known token: ghp_…, AKIA…, …
  tokens: true
  # Patterns of your own, in RE2's syntax (linear time: no lookaround, no backreferences).
  # patterns:
  #   - name: customer-number
  #     pattern: CUST-[0-9]{8}

# Which log lines are sent at all.
# logs:
#   level: info
#   module: ./boundary-logs.ts

# Who can open what is sealed, beside the agents, which share the inside key (\`weir seal keygen\`).
# seal:
#   recipients:
#     - name: ada
#       file: keys/ada.pub.json

# Whose signatures agents ask for before they run anything (\`weir sign keygen\`).
# sign:
#   trustedSigners:
#     - name: pipeline
#       file: keys/pipeline.pub.json
#   revoked: []

# Where the code of flows may lie.
# code:
#   directories: [flows]

# Directory that keeps which pseudonym stands for which location. Share it among agents.
# locations:
#   dictionary: /srv/weir/locations

# Stricter for some projects, flows or tasks; * stands for any characters.
# overrides:
#   - flow: payroll-*
#     classes:
#       log: drop
#       exception: id-only`.split("\n");
