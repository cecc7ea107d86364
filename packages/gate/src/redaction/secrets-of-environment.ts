import { SHORTEST_SECRET } from "./shapes.ts";

// At the end of the name only: AWS_SECRET_ACCESS_KEY is one, KEYBOARD and WEIR_AGENT_KEY_FILE (a path) are none.
const SECRET_NAME = /(^|_)(TOKEN|PASSWORD|PASSWD|PASS|PWD|SECRET|KEY|APIKEY|CREDENTIALS?|PASSPHRASE|PAT|COOKIE)$/i;
const NOT_SECRET = new Set(["PWD", "OLDPWD"]);

function passwordInUrl(value: string): string[] {
  if (!value.includes("://") || !URL.canParse(value)) return [];
  const { password } = new URL(value);
  if (password === "") return [];
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}

/** Values of an environment that look like secrets: by the variable's name, or as the password inside a URL. At least 6 characters long. */
export function secretsOfEnvironment(environment: Readonly<Record<string, string | undefined>>): string[] {
  const values = Object.entries(environment).flatMap(([name, value]) => {
    if (value === undefined || NOT_SECRET.has(name)) return [];
    return SECRET_NAME.test(name) ? [value, ...passwordInUrl(value)] : passwordInUrl(value);
  });
  return [...new Set(values.filter((value) => value.length >= SHORTEST_SECRET))];
}
