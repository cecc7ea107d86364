/** How tokens of one kind are known. */
export interface TokenFormat {
  /** Texts of which one stands at the beginning of the pattern, of four characters at least. */
  readonly begins: readonly string[];
  /**
   * Where in them the four characters are that are searched for; from their end if it is negative. Chosen so that the last two are rare in
   * logs: each "re" of a text would be looked at if it were the beginning of "earer ".
   */
  readonly look?: number;
  /**
   * Sticky. The whole match is struck out, with the group `before` of a look-behind; or the group `secret` alone. Every repetition has an upper bound, or must end where the next token can begin:
   * a text that is made of beginnings alone must not cost more than its length.
   */
  readonly pattern: RegExp;
  /** What a pattern without an upper bound runs over: when it fails at a place, it fails at every later one of the same run. */
  readonly run?: RegExp;
}

const ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const withEach = (before: string, ends: string, after = ""): string[] => Array.from(ends, (c) => before + c + after);

/** Not in the midst of a word such as task-…, but behind an escape such as `%3D` or `\n`, whose last character is a letter. */
const atWord = (pattern: string): RegExp =>
  new RegExp(String.raw`(?<=^|[^A-Za-z0-9]|%[0-9A-Fa-f]{2}|\\[nrt])${pattern}`, "dy");

const CREDENTIALS = String.raw`[\w.~+/=:-]`;
const QUOTES = String.raw`["'\\]{0,4}`;

const AMAZON: readonly TokenFormat[] = [
  { begins: ["AKIA", "ASIA", "ABIA", "ACCA"], pattern: /(?<![A-Z0-9])[A-Z]{4}[A-Z2-7]{16}(?![A-Za-z0-9])/dy },
  {
    begins: ["secret", "Secret", "SECRET"],
    pattern: new RegExp(
      String.raw`secret[_-]?(?:access[_-]?)?key${QUOTES}\s{0,4}[:=]\s{0,4}${QUOTES}(?<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])`,
      "diy",
    ),
  },
  { begins: ["IQoJb3JpZ2lu", "FwoGZXIvYXdz", "FQoGZXIvYXdz"], pattern: /[A-Za-z0-9/+]{50,4000}={0,2}/dy },
];

const FORGES: readonly TokenFormat[] = [
  { begins: ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], pattern: /gh[a-z]_[A-Za-z0-9]{36,255}/dy },
  { begins: ["github_pat_"], look: 3, pattern: /github_pat_[A-Za-z0-9_]{36,255}/dy },
  {
    begins: ["glpat-", "gldt-", "glrt-", "glptt-", "glcbt-", "glsoat-", "glagent-"],
    look: -4,
    pattern: /gl[a-z]{2,5}-[\w-]{20,255}/dy,
  },
  { begins: ["npm_"], pattern: /npm_[A-Za-z0-9]{36,64}/dy },
  { begins: ["pypi-AgE"], look: -4, pattern: /pypi-[\w-]{50,1000}/dy },
];

const PRODUCTS: readonly TokenFormat[] = [
  { begins: withEach("xox", "abeoprs"), pattern: /xox[a-z][.-][\w.-]{10,255}/dy },
  { begins: ["xapp-"], look: -4, pattern: /xapp-[\w-]{16,255}/dy },
  {
    begins: ["hooks.slack.com/services/"],
    look: 4,
    pattern: /hooks\.slack\.com\/services\/(?<secret>[\w/]{20,100})/dy,
  },
  {
    begins: ["sk_live_", "rk_live_", "sk_test_", "rk_test_"],
    pattern: /[sr]k_(?:live|test)_[A-Za-z0-9]{16,255}/dy,
  },
  { begins: ["whsec_"], look: -4, pattern: /whsec_[A-Za-z0-9+/=]{24,100}/dy },
  { begins: ["AIza"], pattern: /AIza[\w-]{35}/dy },
  { begins: ["ya29."], look: -4, pattern: /ya29\.[\w-]{20,500}/dy },
  { begins: ["GOCSPX-"], pattern: /GOCSPX-[\w-]{20,60}/dy },
  {
    begins: ["sk-ant-", "sk-proj-", "sk-svcacct-", "sk-admin-", "sk-or-"],
    pattern: atWord(String.raw`sk-(?:ant|proj|svcacct|admin|or)-[\w-]{20,255}`),
  },
  // OpenAI's own mark stands in the midst of all of its keys, of the older ones too, which begin with nothing but sk-.
  { begins: ["T3BlbkFJ"], pattern: /(?<=(?<before>sk-[\w-]{16,100}))T3BlbkFJ[\w-]{16,100}/dy },
  {
    begins: ["AccountKey=", "AccessKey="],
    look: -4,
    pattern: /Acc(?:ount|ess)Key=(?<secret>[A-Za-z0-9+/]{40,200}={0,2})/dy,
  },
  {
    begins: ["sig="],
    pattern: /(?<=[?&;\s]|%26|\\u0026|^)sig=(?<secret>[A-Za-z0-9%/+_-]{20,500}={0,2})/dy,
  },
  { begins: ["weir_a_", "weir_u_"], look: 3, pattern: /weir_[au]_[A-Za-z0-9]{16,100}/dy },
];

const STANDARDS: readonly TokenFormat[] = [
  {
    // {" in base64. Signed tokens have three parts, encrypted ones five, of which one is empty for some.
    begins: withEach("eyJ", `${ALPHANUMERIC}_-`),
    pattern: /eyJ[\w-]{10,}\.[\w-]*\.[\w-]+(?:\.[\w-]+){0,2}/dy,
    run: /[\w-]+/y,
  },
  {
    begins: withEach("", "abcdefghijklmnopqrstuvwxyz0123456789+", "://"),
    pattern: /[a-z0-9+]:\/\/[^\s/?#@:"'<>]{0,256}:(?<secret>[^\s/"'<>]{1,1024})@/dy,
  },
  // The same with slashes that a JSON writer has escaped.
  { begins: [":\\/\\/"], pattern: /:\\\/\\\/[^\s/?#@:"'<>]{0,256}:(?<secret>[^\s/"'<>]{1,1024})@/dy },
  {
    begins: ["uthorization", "UTHORIZATION"],
    look: 3,
    pattern: new RegExp(
      String.raw`uthorization${QUOTES}\s{0,4}[:=]\s{0,4}${QUOTES}(?:Bearer|Basic|Token|Digest|Negotiate)\s{1,4}(?<secret>${CREDENTIALS}{6,8192})`,
      "diy",
    ),
  },
  // Without the header's name it may be prose: "Bearer authentication", "basic understanding". Nobody's credentials lack a digit.
  {
    begins: ["Bearer ", "bearer ", "BEARER "],
    pattern: new RegExp(String.raw`bearer {1,4}(?<secret>(?=[^\s\d]{0,128}\d)${CREDENTIALS}{16,8192})`, "diy"),
  },
  {
    begins: ["asic ", "ASIC "],
    pattern: /asic {1,4}(?<secret>(?=[A-Za-z+/]{0,64}[0-9=])[A-Za-z0-9+/]{12,1024}={0,2})(?![\w.:-])/diy,
  },
];

/** Formats by which tokens are known without having been registered. */
export const TOKEN_FORMATS: readonly TokenFormat[] = [...AMAZON, ...FORGES, ...PRODUCTS, ...STANDARDS];
