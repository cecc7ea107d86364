import { SEALED_JSON, SEALED_TEXT_BEGINNING } from "@weir/protocol";

/** How values of user data stand in a column, as SQL on a row `s`: which rows hold one, and what it is. */
export interface HeldValue {
  readonly present: string;
  /** The cloud cannot open it. */
  readonly sealed: string;
  /** A keyed HMAC or a hash: nobody without the user's key can try out values. */
  readonly pseudonym: string;
  /** As text. Default: the column's own. */
  readonly shown?: string;
}

const NEVER = "false";
const isSealedText = (text: string) => `coalesce(${text} like '${SEALED_TEXT_BEGINNING}%', false)`;
const isSealedJson = (json: string) =>
  `coalesce(jsonb_typeof(${json}) = 'object' and ${json} ? '${SEALED_JSON}' and ${json} - '${SEALED_JSON}' = '{}', false)`;
const isPseudonym = (text: string) => `coalesce(${text} ~ '^pseudonym:[A-Za-z0-9_-]{43}$', false)`;
/** Of a list of schedules: those with parameters, and whether all of them are sealed. */
const someParameters = (list: string, condition: string) =>
  `exists (select from jsonb_array_elements(case jsonb_typeof(${list}) when 'array' then ${list} else '[]' end) as e(one)
     where one ? 'parameters' and ${condition})`;

type Form = (column: string) => HeldValue;

const text: Form = (c) => ({ present: `${c} <> ''`, sealed: isSealedText(c), pseudonym: isPseudonym(c) });
/** Sealed as a whole, or not. Empty objects hold nothing. */
const json: Form = (c) => ({ present: `${c} <> '{}'`, sealed: isSealedJson(c), pseudonym: NEVER });
const digest: Form = (c) => ({ present: `${c} is not null`, sealed: NEVER, pseudonym: "true" });
const hash: Form = (c) => ({ ...digest(c), shown: `encode(${c}, 'hex')` });
const failure: Form = (c) => ({
  present: `${c} is not null`,
  sealed: isSealedText(`${c} ->> 'sealed'`),
  pseudonym: NEVER,
});
/** Message and failure beside what is metadata: sealed where each of the two is that stands there. */
const stateDetail: Form = (c) => ({
  present: `(${c} ? 'message' or ${c} ? 'failure')`,
  sealed: `((not ${c} ? 'message' or ${isSealedText(`${c} ->> 'message'`)})
    and (not ${c} ? 'failure' or ${isSealedText(`${c} -> 'failure' ->> 'sealed'`)}))`,
  pseudonym: NEVER,
});
const storage: Form = (c) => ({ present: `${c} is not null`, sealed: `${c} ->> 'kind' = 'sealed'`, pseudonym: NEVER });
const schedules: Form = (c) => ({
  present: someParameters(c, "true"),
  sealed: `not ${someParameters(c, `not ${isSealedJson("(one -> 'parameters')")}`)}`,
  pseudonym: NEVER,
});
const schedule: Form = (c) => ({
  present: `${c} ? 'parameters'`,
  sealed: isSealedJson(`(${c} -> 'parameters')`),
  pseudonym: NEVER,
});

/** Every column that may hold user data: a test compares with the protocol's table of what is held. */
const FORMS: Readonly<Record<string, Readonly<Record<string, Form>>>> = {
  flow_runs: { parameters: json },
  flow_run_states: { message: text, failure },
  task_runs: { run_name: text, location: text, approval_message: text },
  task_run_states: { detail: stateDetail },
  logs: { text },
  artifacts: { data: json },
  cached_results: { key_hash: hash, location_hash: hash, location: text, digests: digest },
  flow_versions: { parameter_defaults: json, run_config: json, storage, schedules },
  flow_settings: { parameter_defaults: json },
  kv_entries: { value: json },
  schedules: { definition: schedule },
  agents: { pause_reason: text },
  queue_pauses: { reason: text },
};

/** Columns with user data, by table: how a value of each is recognised. */
export const HELD_VALUES: Readonly<Record<string, Readonly<Record<string, HeldValue>>>> = Object.fromEntries(
  Object.entries(FORMS).map(([table, columns]) => [
    table,
    Object.fromEntries(Object.entries(columns).map(([column, form]) => [column, form(`s.${column}`)])),
  ]),
);
