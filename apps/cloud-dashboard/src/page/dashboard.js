// The page's only program. All text reaches the page as text (textContent), never as markup: names and messages are users' data.

const KEY = "weir.key";
const REFRESH_MS = 5_000;

const RECENT_RUNS = `query RecentRuns {
  flowRuns(first: 20) { nodes { id name state startedAt endedAt flow { name project { name } } } }
}`;

const VIEWER = `query Viewer { viewer { scope tenant { name } } }`;

const RUN = `query FlowRun($id: ID!) {
  flowRun(id: $id) {
    name state message failure attempt recoveries parameters
    agent { name }
    states { version attempt state at message }
    taskRuns(first: 50) { nodes { number task name mapIndex state tryNumber startedAt endedAt location message } }
    logs(last: 50) { nodes { at level logger taskRunNumber text } }
    artifacts { name kind data }
  }
}`;

/** @param {string} id */
const element = (id) => document.getElementById(id);

/** Sends one operation. Rejects with a sentence. */
async function ask(query, variables = {}) {
  const key = sessionStorage.getItem(KEY);
  if (!key) throw new Error("Give it a key first.");
  const answer = await fetch("/graphql", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json", authorization: `Bearer ${key}` },
    body: JSON.stringify({ query, variables }),
    credentials: "omit",
  });
  const text = await answer.text();
  const body = parse(text);
  if (body === undefined) throw new Error(`The server answered ${answer.status} without JSON.`);
  // A refusal before GraphQL: a wrong key, a body that is too large.
  if (typeof body.code === "string") throw new Error(body.message);
  return body;
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Data of an operation of the page's own; a sentence when there is none. */
async function data(query, variables) {
  const { data: found, errors } = await ask(query, variables);
  if (!found) throw new Error(errors?.[0]?.message ?? "The server answered nothing.");
  return found;
}

function say(id, text, isProblem = false) {
  const place = element(id);
  place.textContent = text;
  place.classList.toggle("problem", isProblem);
}

function cell(row, ...content) {
  const td = document.createElement("td");
  td.append(...content);
  row.append(td);
}

function stateMark(state) {
  const mark = document.createElement("span");
  mark.className = "state";
  mark.dataset.state = state;
  mark.textContent = state;
  return mark;
}

function duration(run) {
  if (!run.startedAt) return "";
  const seconds = ((run.endedAt ? Date.parse(run.endedAt) : Date.now()) - Date.parse(run.startedAt)) / 1000;
  if (seconds < 60) return `${Math.max(0, seconds).toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}

function rowOf(run) {
  const row = document.createElement("tr");
  const more = document.createElement("button");
  more.type = "button";
  more.className = "quiet";
  more.textContent = "Show";
  more.setAttribute("aria-label", `Show ${run.name}`);
  more.dataset.run = run.id;
  more.addEventListener("click", () => show(run.id));
  cell(row, run.name);
  cell(row, `${run.flow.project.name} / ${run.flow.name}`);
  cell(row, stateMark(run.state));
  cell(row, run.startedAt ? new Date(run.startedAt).toLocaleString() : "not yet");
  cell(row, duration(run));
  cell(row, more);
  return row;
}

async function showRuns() {
  const table = element("runs");
  try {
    const { flowRuns } = await data(RECENT_RUNS);
    // Rows are made anew every few seconds; whoever came here by keyboard stays where they were.
    const focused = document.activeElement?.dataset?.run;
    table.tBodies[0].replaceChildren(...flowRuns.nodes.map(rowOf));
    if (focused) table.querySelector(`[data-run="${CSS.escape(focused)}"]`)?.focus();
    table.hidden = flowRuns.nodes.length === 0;
    say("runs-note", table.hidden ? "There are none yet: `weir run` starts one." : "");
  } catch (error) {
    table.hidden = true;
    say("runs-note", error.message, true);
  }
}

async function showViewer() {
  try {
    const { viewer } = await data(VIEWER);
    say("viewer", `Signed in to the tenant ${viewer.tenant.name}.`);
  } catch (error) {
    say("viewer", error.message, true);
  }
}

async function runConsole() {
  const answer = element("answer");
  const variables = parse(element("variables").value || "{}");
  answer.classList.toggle("problem", variables === undefined);
  if (variables === undefined) {
    answer.textContent = "The variables are no JSON.";
    return;
  }
  answer.textContent = "…";
  try {
    answer.textContent = JSON.stringify(await ask(element("query").value, variables), null, 2);
  } catch (error) {
    answer.classList.add("problem");
    answer.textContent = error.message;
  }
}

async function show(id) {
  element("query").value = RUN;
  element("variables").value = JSON.stringify({ id }, null, 2);
  await runConsole();
  element("answer").focus();
}

function keyChanged() {
  const known = sessionStorage.getItem(KEY) !== null;
  element("forget").hidden = !known;
  element("key").value = "";
  element("key").placeholder = known ? "a key is in use" : "weir_u_…";
  if (known) {
    void showViewer();
    void showRuns();
    return;
  }
  say("viewer", "");
  element("runs").hidden = true;
  say("runs-note", "Needs a key.");
}

element("key-form").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem(KEY, element("key").value.trim());
  keyChanged();
});
element("forget").addEventListener("click", () => {
  sessionStorage.removeItem(KEY);
  keyChanged();
});
element("console").addEventListener("submit", (event) => {
  event.preventDefault();
  void runConsole();
});
element("console").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  void runConsole();
});
element("graphql-address").textContent = `POST ${location.origin}/graphql`;
element("door-address").textContent = `${location.origin}/v1`;
setInterval(() => {
  if (!document.hidden && sessionStorage.getItem(KEY) !== null) void showRuns();
}, REFRESH_MS);
keyChanged();
