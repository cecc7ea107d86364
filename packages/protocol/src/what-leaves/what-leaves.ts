import { CLASS_ACTIONS, DEFAULT_ACTIONS } from "../boundary.ts";
import { crossingFields, type CrossingField } from "../crossing.ts";
import { DATA_CLASSES, type DataClass, FOUNDING_PAGE } from "../data-class.ts";
import { HELD_TABLES, NOT_HELD } from "../held-tables.ts";
import { RUN_DOOR, type RunDoorMessage } from "../run-door.ts";
import { EFFECTS } from "./effects.ts";

const CLASSES = Object.keys(DATA_CLASSES) as DataClass[];

const INTRODUCTION = `# What leaves

Everything that Weir's programs may send from your side to the cloud, and everything that the cloud keeps. There is no other message and no other
field: what is not in these tables is refused before it is sent.

This page is made from the schemas that the programs themselves obey (\`packages/protocol\`); do not edit it by hand. A test fails when it is
out of date, and \`vitest run packages/protocol/src/what-leaves -u\` writes it anew: whatever changes here is a privacy review.

**Never sent, whatever the policy says**: your code, inputs and outputs of tasks, results, values of secrets and of environment variables. There is no
field for any of them; what a flow itself writes into a log line, an error's message, an artifact or a run's parameters is in the fields below.

**Decided by you**: each field belongs to one class of data. The file \`weir.boundary.yaml\` on your side says for each class what is done to it before
it leaves; without the file, the default below holds. The cloud cannot make it milder. \`weir boundary check\` shows what would be done to a flow's
data, \`weir boundary explain RUN\` what was done, \`weir ledger show\` every message that was sent, and \`weir prove\` tries it out with marked data.

**Metadata always crosses**: without it nothing could be started or shown. Names of flows, tasks, tags, labels, loggers, artifacts and parameters belong to
it, as do the description of a flow and the JSON Schema of its parameters: developers write them, so they should say nothing secret. With each request
go the credential and the version of the line, as headers.

The *founding page* is the page that Weir began with: it admits metadata, parameters, logs, exceptions and locations of results. "It did leave"
says that such data left in the system that it was modelled on, although that page does not name it.
`;

/** The page docs/what-leaves.md. */
export function whatLeaves(): string {
  const fields = crossingFields();
  const isGraphql = ({ message }: CrossingField) => message.startsWith("graphql ");
  return [
    INTRODUCTION,
    "## The classes\n",
    classTable(),
    "## What each action does\n",
    "An action further down in a class is stricter than those above it. The default stands in bold.\n",
    actionTable(),
    "## Messages of agents and runs\n",
    "A row for each field that may hold what users wrote, and one for all metadata of a message. `[]` stands for each element of a list.\n",
    fieldTable(fields.filter((field) => !isGraphql(field))),
    "## GraphQL operations\n",
    "Those of the command line, of scripts and of the dashboard. The text of an operation holds no values; these are its variables.\n",
    fieldTable(fields.filter(isGraphql)),
    "## Where user data lies in the cloud\n",
    "Columns of its database, `table.column`. The comment of each column in the database itself says the same.\n",
    placeTable(),
    "What crosses and is not kept:\n",
    Object.entries(NOT_HELD)
      .map(([field, why]) => `- \`${field}\`: ${why}.`)
      .join("\n") + "\n",
    "## Metadata in the cloud\n",
    "Every other column of every table. Beside these, `_prisma_migrations` holds names and times of the changes of the tables themselves.\n",
    metadataTable(),
  ].join("\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return `${[line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n")}\n`;
}

function classTable(): string {
  return table(
    ["Class", "What it is", "Founding page", "Default", "The policy may say"],
    CLASSES.map((name) => [
      `**${name}**`,
      DATA_CLASSES[name],
      FOUNDING_PAGE[name],
      DEFAULT_ACTIONS[name],
      actionsOf(name),
    ]),
  );
}

const actionsOf = (name: DataClass): string => CLASS_ACTIONS[name].join(", ");

function actionTable(): string {
  return table(
    ["Class", "Action", "What becomes of it"],
    CLASSES.flatMap((name) =>
      Object.entries(EFFECTS[name]).map(([action, effect], index) => [
        index === 0 ? name : "",
        action === DEFAULT_ACTIONS[name] ? `**${action}**` : action,
        effect,
      ]),
    ),
  );
}

function fieldTable(fields: readonly CrossingField[]): string {
  const rows = [...Map.groupBy(fields, ({ message }) => message)].flatMap(([message, own]) => rowsOf(message, own));
  return table(["Message", "Field", "Class", "Founding page", "Default", "The policy may say"], rows);
}

function rowsOf(message: string, fields: readonly CrossingField[]): string[][] {
  const plain = fields.filter(({ dataClass }) => dataClass === "metadata");
  const written = fields.filter(({ dataClass }) => dataClass !== "metadata");
  const groups = [...written.map((field) => [field]), ...(plain.length === 0 ? [] : [plain])];
  return groups.map((group, index) => {
    const dataClass = group[0]?.dataClass ?? "metadata";
    const paths = group.map(({ path }) => `\`${path}\``).join(", ");
    const what = [dataClass, FOUNDING_PAGE[dataClass], DEFAULT_ACTIONS[dataClass], actionsOf(dataClass)];
    return [index === 0 ? nameOf(message) : "", paths, ...what];
  });
}

function nameOf(message: string): string {
  if (message.startsWith("graphql ")) return `\`${message.slice("graphql ".length)}\``;
  const { method, path } = RUN_DOOR[message as RunDoorMessage];
  return `\`${message}\` (${method} ${path})`;
}

function placeTable(): string {
  const columns = Object.entries(HELD_TABLES).flatMap(([name, held]) =>
    Object.entries(held.columns).map(([column, about]) => ({ place: `\`${name}.${column}\``, ...about })),
  );
  const rows = CLASSES.filter((name) => name !== "metadata").flatMap((name) =>
    columns
      .filter(({ dataClass }) => dataClass === name)
      .map(({ place, about, from }, index) => [
        index === 0 ? `**${name}**` : "",
        place,
        about,
        from.map((field) => `\`${field}\``).join(", "),
      ]),
  );
  return table(["Class", "Column", "What it holds", "Filled from"], rows);
}

function metadataTable(): string {
  return table(
    ["Table", "Holds", "Columns"],
    Object.entries(HELD_TABLES).map(([name, { about, columns }]) => {
      const plain = Object.entries(columns).filter(([, { dataClass }]) => dataClass === "metadata");
      return [`\`${name}\``, about, plain.map(([column, told]) => `\`${column}\` (${told.about})`).join(", ")];
    }),
  );
}
