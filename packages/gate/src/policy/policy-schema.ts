import {
  BOUNDARY_ACTIONS,
  type BoundaryAction,
  CLASS_ACTIONS,
  DATA_CLASSES,
  DEFAULT_ACTIONS,
  LIMITS,
  LOG_LEVELS,
  type LogLevel,
} from "@weir/protocol";
import Type from "typebox";

// The one source of what a policy file may hold: of what the reader takes, of its sentences, and of boundary.schema.json, which editors
// read. Every field has a description, because it is what a person sees on hovering.

/** Classes about which a policy says something. `metadata` is always sent, `digest` always a keyed HMAC. */
export const POLICY_CLASSES = ["parameter", "log", "exception", "location", "run-name", "artifact", "config"] as const;
export type PolicyClass = (typeof POLICY_CLASSES)[number];

/** Characters of a pattern of the user's own. */
const PATTERN_LENGTH = 1_000;

const closed = { additionalProperties: false } as const;

function classDescription(dataClass: PolicyClass, isOverride: boolean): string {
  const actions = CLASS_ACTIONS[dataClass].map((action) => `${action}: ${BOUNDARY_ACTIONS[action]}.`);
  const unless = isOverride ? "Only what is stricter has an effect." : `Default: ${DEFAULT_ACTIONS[dataClass]}.`;
  return [`${DATA_CLASSES[dataClass]}.`, ...actions, unless].join("\n");
}

function action<C extends PolicyClass>(dataClass: C, isOverride: boolean) {
  const description = classDescription(dataClass, isOverride);
  const standard: { default?: BoundaryAction } = isOverride ? {} : { default: DEFAULT_ACTIONS[dataClass] };
  const schema = Type.Enum([...CLASS_ACTIONS[dataClass]], { description, ...standard });
  return Type.Optional(Type.Unsafe<(typeof CLASS_ACTIONS)[C][number]>(schema));
}

function classes(isOverride: boolean, description: string) {
  return Type.Object(
    {
      parameter: action("parameter", isOverride),
      log: action("log", isOverride),
      exception: action("exception", isOverride),
      location: action("location", isOverride),
      "run-name": action("run-name", isOverride),
      artifact: action("artifact", isOverride),
      config: action("config", isOverride),
    },
    { ...closed, description },
  );
}

const name = (description: string) => Type.String({ minLength: 1, maxLength: LIMITS.nameLength, description });
const path = (description: string) => Type.String({ minLength: 1, maxLength: 4_096, description });
const keyText = (description: string) => Type.String({ pattern: "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$", description });

function jwk(curves: readonly [string, string], what: string) {
  return Type.Object(
    {
      kty: Type.Enum(["OKP", "EC"], { description: "Kind of the key: OKP (X25519, Ed25519) or EC (P-256)." }),
      crv: Type.Enum([...new Set(curves)], { description: `Curve of the key: ${[...new Set(curves)].join(" or ")}.` }),
      x: keyText("The public key, or its x coordinate, in base64url."),
      y: Type.Optional(keyText("Y coordinate of the public key in base64url: of P-256 only.")),
      kid: Type.Optional(
        Type.String({ description: "Id of the key. Not read: it is computed from the key (RFC 7638)." }),
      ),
      use: Type.Optional(Type.String({ description: "What the key is for. Not read." })),
      alg: Type.Optional(Type.String({ description: "Algorithm that the key is for. Not read." })),
    },
    { ...closed, description: `Public key of ${what} as a JSON Web Key. Never a private one ("d").` },
  );
}

function keys(curves: readonly [string, string], what: string, description: string) {
  const entry = Type.Object(
    {
      name: name(`Who it is: ${what}. For people; unique in the list.`),
      jwk: Type.Optional(jwk(curves, what)),
      file: Type.Optional(path("In the place of jwk: file that holds the public key as JSON, relative to this file.")),
    },
    { ...closed, description: `${what}: a name, and either jwk or file.` },
  );
  return Type.Optional(Type.Array(entry, { maxItems: LIMITS.recipients, description }));
}

const redact = Type.Object(
  {
    patterns: Type.Optional(
      Type.Array(
        Type.Object(
          {
            name: name("What it finds, for people; unique in the list."),
            pattern: Type.String({
              minLength: 1,
              maxLength: PATTERN_LENGTH,
              description:
                "Regular expression in the syntax of RE2: linear time, so no backreferences and no lookaround. (?i) ignores case.",
            }),
          },
          { ...closed, description: "A pattern of your own: what it finds is struck out." },
        ),
        {
          maxItems: 100,
          description: "Patterns of your own. What they find is struck out wherever the action is redact.",
        },
      ),
    ),
    environment: Type.Optional(
      Type.Boolean({
        default: true,
        description:
          "Strike out values of environment variables whose names look secret (*_TOKEN, *_PASSWORD, *_KEY, …).",
      }),
    ),
    tokens: Type.Optional(
      Type.Boolean({
        default: true,
        description: "Strike out what has the form of a well-known token (ghp_…, AKIA…, …).",
      }),
    ),
  },
  { ...closed, description: "What is struck out where the action is redact, beside the secrets that flows register." },
);

const logs = Type.Object(
  {
    level: Type.Optional(
      Type.Unsafe<LogLevel>(
        Type.Enum(Object.keys(LOG_LEVELS), { description: "Lines below this level are not sent. Absent: all are." }),
      ),
    ),
    module: Type.Optional(
      path("Module of your own, relative to this file, that exports filter(line) and/or format(line)."),
    ),
  },
  { ...closed, description: "Which log lines are sent at all." },
);

const override = Type.Object(
  {
    project: Type.Optional(name("Project that the entry is for; * stands for any characters. Absent: all.")),
    flow: Type.Optional(name("Flow that the entry is for; * stands for any characters. Absent: all.")),
    task: Type.Optional(
      name(
        "Task that the entry is for; * stands for any characters. Absent: all. What is of the flow as a whole counts as of each.",
      ),
    ),
    classes: classes(true, "What is done to each class of data, where the entry fits."),
  },
  { ...closed, description: "An entry for some projects, flows or tasks. It can only make things stricter." },
);

/** Everything that a policy file may hold. */
export const PolicyDocument = Type.Object(
  {
    version: Type.Literal(1, { description: "Version of this file's format: 1." }),
    classes: Type.Optional(classes(false, "What is done to each class of data that could leave.")),
    redact: Type.Optional(redact),
    logs: Type.Optional(logs),
    seal: Type.Optional(
      Type.Object(
        {
          recipients: keys(
            ["X25519", "P-256"],
            "a reader of what is sealed",
            "Who can open what is sealed, beside the agents, which have the inside key.",
          ),
        },
        { ...closed, description: "For whom what is sealed is encrypted." },
      ),
    ),
    sign: Type.Optional(
      Type.Object(
        {
          trustedSigners: keys(
            ["Ed25519", "Ed25519"],
            "a person or pipeline that signs work",
            "Whose signatures on work agents take. Where there are some, unsigned work is refused.",
          ),
          revoked: Type.Optional(
            Type.Array(keyText("Key id (kid): the RFC 7638 thumbprint, 43 characters."), {
              maxItems: 1_000,
              description: "Ids of keys whose signatures are taken no more, whoever they are of.",
            }),
          ),
        },
        { ...closed, description: "Which signed work agents take." },
      ),
    ),
    code: Type.Optional(
      Type.Object(
        {
          directories: Type.Optional(
            Type.Array(path("A directory, relative to this file."), {
              minItems: 1,
              maxItems: 100,
              description: "A flow's code must lie below one of these. Absent: anywhere.",
            }),
          ),
        },
        { ...closed, description: "Where the code of flows may lie." },
      ),
    ),
    locations: Type.Optional(
      Type.Object(
        {
          dictionary: Type.Optional(
            path(
              "Directory, relative to this file, that keeps which pseudonym stands for which location. Share it among agents. Absent: the agent's own.",
            ),
          ),
        },
        { ...closed, description: "How result locations are kept on your side." },
      ),
    ),
    overrides: Type.Optional(
      Type.Array(override, {
        maxItems: 500,
        description: "Entries for some projects, flows or tasks. The strictest of all that fit holds.",
      }),
    ),
  },
  {
    ...closed,
    title: "Boundary policy of Weir",
    description: "What may leave your side for the cloud: weir.boundary.yaml.",
  },
);
export type PolicyDocument = Type.Static<typeof PolicyDocument>;

/** The JSON Schema of a policy file, as editors read it. Published as boundary.schema.json. */
export function policySchemaText(): string {
  return `${JSON.stringify({ $schema: "http://json-schema.org/draft-07/schema#", ...PolicyDocument }, null, 2)}\n`;
}
