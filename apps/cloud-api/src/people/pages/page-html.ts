/** The one page of signing in: its script decides by the address what it shows. The dashboard has a finer one. */
export const PAGE_HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Weir</title>
<link rel="stylesheet" href="/auth/page.css">
<script src="/auth/page.js" defer></script>
</head>
<body>
<main>
<h1 id="title">Weir</h1>
<p id="text"></p>
<form id="form" hidden>
<label id="email-label">E-mail <input id="email" type="email" autocomplete="username"></label>
<label id="password-label">Password <input id="password" type="password" autocomplete="current-password" required></label>
<label id="code-label" hidden>Code of your device <input id="code" autocomplete="one-time-code"></label>
<button>Go on</button>
</form>
<button id="allow" hidden>Allow</button>
<p id="problem" role="alert"></p>
</main>
</body>
</html>
`;

export const PAGE_CSS = `body { font: 1rem/1.5 system-ui, sans-serif; margin: 0; }
main { max-width: 24rem; margin: 15vh auto; padding: 0 1rem; }
label { display: block; margin: 0.75rem 0; }
[hidden] { display: none; }
input { display: block; width: 100%; box-sizing: border-box; font: inherit; padding: 0.4rem; }
button { font: inherit; padding: 0.4rem 1rem; }
[role="alert"] { color: #a00; }
`;

/** Text reaches the page as text alone. Nothing is stored. */
export const PAGE_JS = `"use strict";
const part = (id) => document.getElementById(id);
const tell = (id, text) => { part(id).textContent = text; };

async function send(url, body) {
  const reply = await fetch(url, {
    method: body === undefined ? "GET" : "POST",
    headers: body === undefined ? {} : { "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = reply.status === 204 ? {} : await reply.json();
  if (!reply.ok) throw Object.assign(new Error(answer.message), { code: answer.code });
  return answer;
}

function ask(title, text, submit) {
  tell("title", title);
  tell("text", text);
  part("form").hidden = false;
  part("form").onsubmit = async (event) => {
    event.preventDefault();
    tell("problem", "");
    try {
      await submit({ password: part("password").value, ...(part("code").value && { code: part("code").value }) });
    } catch (error) {
      if (error.code === "SECOND_FACTOR_REQUIRED") part("code-label").hidden = false;
      tell("problem", error.message);
    }
  };
}

function signIn(then) {
  ask("Sign in", "", async (proof) => {
    await send("/auth/login", { email: part("email").value, ...proof });
    part("form").hidden = true;
    await then();
  });
}

async function join() {
  const token = location.hash.slice(1);
  const { tenant, email, hasAccount } = await send("/auth/invitation", { token });
  part("email-label").hidden = true;
  ask("Join " + tenant, (hasAccount ? "Give the password of " : "Choose a password for ") + email, async (proof) => {
    await send("/auth/invitation/accept", { token, ...proof });
    location.replace("/");
  });
}

async function allow() {
  const asked = new URLSearchParams(location.search);
  const port = Number(asked.get("port"));
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw new Error("This address is not one of weir login.");
  const me = await send("/auth/session").catch(() => null);
  if (me === null) return signIn(allow);
  tell("title", "weir login");
  tell("text", "Let weir on " + asked.get("device") + " act as " + me.user.email + " in " + me.tenant.name + "? Only if you have just typed weir login there.");
  part("allow").hidden = false;
  part("allow").onclick = async () => {
    const { code } = await send("/auth/cli/allow", { challenge: asked.get("challenge") });
    location.replace("http://127.0.0.1:" + port + "/?" + new URLSearchParams({ code, state: asked.get("state") }));
  };
}

const pages = {
  "/auth/login": async () => signIn(() => location.replace("/")),
  "/auth/invitation": join,
  "/auth/cli": allow,
};
pages[location.pathname]().catch((error) => tell("problem", error.message));
`;
