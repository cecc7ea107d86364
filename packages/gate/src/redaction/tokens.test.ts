import { expect, test } from "vitest";
import { Redactor } from "./redactor.ts";
import { REDACTED } from "./spans.ts";
import { TOKEN_FORMATS } from "./token-formats.ts";

const redactor = new Redactor();
const some = (length: number, of = "aB3dE5gH1jK7mN9pQ2rS4tU6vW8xY0z"): string =>
  of.repeat(Math.ceil(length / of.length)).slice(0, length);
const joined = (...parts: string[]): string => parts.join("");
const upper = (length: number): string => some(length, "ABCDEFGH2345IJKL67MNOPQRSTUVWXYZ");
const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const jwt = `${base64url({ alg: "EdDSA", typ: "JWT" })}.${base64url({ sub: "run", exp: 1 })}.${some(86)}`;
const jwe = `${base64url({ alg: "dir", enc: "A256GCM" })}..${some(16)}.${some(40)}.${some(22)}`;

// Put together here, so that no scanner of repositories takes them for real ones. Between ‹ and › stands what must be struck out.
const TOKENS: Readonly<Record<string, string>> = {
  "AWS access key id": `‹${joined("AK", "IA")}${upper(16)}›`,
  "AWS temporary key id": `‹${joined("AS", "IA")}${upper(16)}›`,
  "AWS secret key in a credentials file": `aws_secret_access_key = ‹${some(40)}›`,
  "AWS secret key in JSON": `{"SecretAccessKey":"‹${some(40)}›"}`,
  "AWS secret key in JSON in JSON": `{\\"SecretAccessKey\\":\\"‹${some(40)}›\\"}`,
  "AWS secret key in an environment": `AWS_SECRET_ACCESS_KEY=‹${some(40)}›`,
  "AWS session token": `‹${joined("IQoJ", "b3JpZ2lu")}${some(300)}==›`,
  "GitHub personal": `‹${joined("gh", "p_")}${some(36)}›`,
  "GitHub OAuth": `‹${joined("gh", "o_")}${some(36)}›`,
  "GitHub app": `‹${joined("gh", "s_")}${some(36)}›`,
  "GitHub fine-grained": `‹${joined("github", "_pat_")}${some(22)}_${some(59)}›`,
  "GitLab personal": `‹${joined("gl", "pat-")}${some(20)}›`,
  "GitLab runner": `‹${joined("gl", "rt-")}${some(20)}›`,
  "Slack bot": `‹${joined("xo", "xb-")}12345678901-1234567890123-${some(24)}›`,
  "Slack app": `‹${joined("xa", "pp-")}1-A0123-456-${some(64)}›`,
  "Slack web hook": `https://hooks.slack.com/services/‹T0123/B0123/${some(24)}›`,
  "Stripe live": `‹${joined("sk", "_live_")}${some(24)}›`,
  "Stripe restricted": `‹${joined("rk", "_live_")}${some(99)}›`,
  "Stripe web hook": `‹${joined("wh", "sec_")}${some(32)}›`,
  "Google API key": `‹${joined("AI", "za")}${some(35)}›`,
  "Google OAuth": `‹${joined("ya", "29.")}${some(100)}›`,
  "Google OAuth client": `‹${joined("GO", "CSPX-")}${some(28)}›`,
  npm: `‹${joined("np", "m_")}${some(36)}›`,
  PyPI: `‹${joined("py", "pi-AgE")}IcHlwaS5vcmc${some(100)}›`,
  "OpenAI project": `‹${joined("sk", "-proj-")}${some(60)}T3Blbk${joined("F", "J")}${some(60)}›`,
  "OpenAI of old": `‹${joined("sk", "-")}${some(20)}T3Blbk${joined("F", "J")}${some(20)}›`,
  Anthropic: `‹${joined("sk", "-ant-")}api03-${some(93)}›`,
  "Azure signature": `https://x.blob.core.windows.net/c?sv=2024&sig=‹${some(40)}%2B%3D›&se=2026`,
  "Azure account key": `AccountName=x;AccountKey=‹${some(86)}==›;EndpointSuffix=y`,
  "Weir's agent key": `‹${joined("weir", "_a_")}${some(36)}›`,
  "Weir's user key": `‹${joined("weir", "_u_")}${some(36)}›`,
  "signed token": `‹${jwt}›`,
  "encrypted token": `‹${jwe}›`,
  "password in a URL": "postgres://ada:‹p@ss:w0rd›@db.example.com:5432/app?x=1",
  "password without a user": "redis://:‹hunter22›@cache:6379/0",
  "password in an escaped URL": String.raw`{"url":"https:\/\/ada:‹hunter22›@example.com\/x"}`,
  "Bearer header": `Authorization: Bearer ‹${some(12)}›`,
  "Basic header": "authorization: Basic ‹YWRhOmh1bnRlcjI=›",
  "header in JSON": `{"authorization":"Bearer ‹${some(12)}›"}`,
  "header as Node shows it": `{ authorization: 'Bearer ‹${some(12)}›' }`,
  "bearer without its header": `sent "bearer ‹${some(32)}›" again`,
  "basic without its header": "Basic ‹YWRhOmh1bnRlcjI=›",
};

for (const [name, example] of Object.entries(TOKENS)) {
  test(`a token of a known format is struck out: ${name}`, () => {
    const plain = example.replaceAll(/[‹›]/g, "");
    const struck = example.replace(/‹[^›]*›/, () => REDACTED);
    for (const [before, after] of [
      ["", ""],
      ["before ", " after"],
      ['{"t":"', '"}'],
      ["\n", "\n"],
    ] as const)
      expect(redactor.redact(before + plain + after)).toBe(before + struck + after);
    expect(redactor.redactAll(["above", plain, "below", plain])).toEqual(["above", struck, "below", struck]);
    expect(new Redactor({ tokens: false }).redact(plain)).toBe(plain);
  });
}

test("every format has an example", () => {
  const examples = Object.values(TOKENS).map((example) => example.replaceAll(/[‹›]/g, ""));
  const without = TOKEN_FORMATS.filter(
    (format) => !examples.some((text) => format.begins.some((begin) => text.includes(begin))),
  );
  expect(without.map(({ begins }) => begins[0])).toEqual([]);
});

const HARMLESS = [
  "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
  "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "da39a3ee5e6b4b0d3255bfef95601890afd80709  node_modules/npm_config_cache/index.js",
  "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==",
  "/var/lib/task-3f2504e04f8941d39a0c0305e82c3301/disk-0123456789abcdef0123456789abcdef.img",
  "sk-learn 1.4.2, task-runner-proj-something-long-enough-to-be-a-token-1234567890",
  "https://example.com:8443/path?x=1#y and mail to ada@example.com",
  "git@github.com:weir/weir.git ssh://git@example.com:22/x https://registry.example.com/@weir/sdk",
  "see http://localhost:3000, then ask bob@example.com",
  "Bearer authentication is required for this endpoint",
  "a basic understanding of asynchronous programming",
  "Basic realm information follows in version 2",
  "secret key: none; secretary keyboard = very long text that nobody should take for one",
  "config=0123456789012345678901234567890123456789 design=abcdefabcdefabcdefabcdefabcdef",
  "eyJ is how a token begins, eyJhbGciOiJIUzI1NiJ9 is a header without the rest",
  "npm_lifecycle_event npm_package_json npm_config_user_agent",
  "pypi-attestations-0.0.27-py3-none-any.whl",
  "AKIATOOSHORT BAKIAABCDEFGHIJKLMNOP2 AKIAabcdefghijklmnop",
  "ghp_short gho_ github_pat_ glpat-x xoxb-1 weir_a_ weir_run weir_user",
  "the header -----BEGIN PRIVATE KEY----- was not found in it",
  "-----BEGIN CERTIFICATE-----\nMIIDXTCCAkWgAwIBAgIJAKL0UG+mRKN7MA0GCSqGSIb3DQEBCwUAMEUx\n-----END CERTIFICATE-----",
];

test("what only looks like a token stays", () => {
  const shown = HARMLESS.map((text) => redactor.redact(text));
  const expected = HARMLESS.map((text) => text.replace("-----BEGIN PRIVATE KEY-----", REDACTED));
  expect(shown).toEqual(expected);
  expect(redactor.redactAll(HARMLESS)).toEqual(expected);
});

test("two tokens beside each other, and one in another's user name, are both struck out", () => {
  const github = `${joined("gh", "p_")}${some(36)}`;
  expect(redactor.redact(`${github} ${jwt}`)).toBe(`${REDACTED} ${REDACTED}`);
  expect(redactor.redact(`https://${github}:x-oauth@github.com`)).toBe(`https://${REDACTED}:${REDACTED}@github.com`);
  expect(redactor.redact(`%3D${jwt}`)).toBe(`%3D${REDACTED}`);
  expect(redactor.redact(String.raw`{"a":"x\nsk-ant-${some(40)}"}`)).toBe(String.raw`{"a":"x\n${REDACTED}"}`);
});

/** CPU time of this process in ms: others on the machine do not count. */
function cpuOf(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

test("a text of beginnings of tokens costs in proportion to its length, not to its square", () => {
  const begins = TOKEN_FORMATS.flatMap((format) => format.begins.slice(0, 1));
  const nearly = [
    "eyJaaaaaaaaaaaa.",
    "a://b:",
    "sig=aaaaaaaaaa",
    "-----BEGIN PRIVATE KEY-----\n",
    "bearer ",
    "AKIA",
    "uthorization: Bearer ",
  ];
  for (const begin of [...begins, ...nearly]) {
    const text = begin.repeat(Math.ceil((64 * 1024) / begin.length));
    // 10 ms; a quadratic one takes seconds.
    expect([begin, cpuOf(() => redactor.redact(text)) < 1_500]).toEqual([begin, true]);
  }
});
