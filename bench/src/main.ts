import { writeSync } from "node:fs";
import type { Contest } from "./contest.ts";
import { CONTESTS } from "./contests.ts";
import { type Figure, figureOf } from "./figure.ts";
import { type Options, readOptions, USAGE } from "./options.ts";
import { measureRounds, playRound, type Round } from "./rounds.ts";
import { summarise } from "./profile-summary.ts";
import { describeMachine, save } from "./save.ts";
import { median } from "./statistics.ts";
import { type House, openHouse } from "./stage/house.ts";
import { clearProfiles, PROFILES } from "./stage/profile.ts";
import { budgetTable, cpuTable, round } from "./table.ts";

/** What is going on, on stderr, so that stdout holds the table or the document alone. */
function tell(text: string): void {
  writeSync(2, `${text}\n`);
}

async function playContest(contest: Contest, house: House, { runs, scale }: Options): Promise<readonly Figure[]> {
  await using stage = house.openStage(contest.id);
  const contenders = await contest.open(stage, scale);
  tell(`${contest.id}: warming up …`);
  await playRound(contenders, stage.cast(), 0);
  let turn = 0;
  const rounds = await measureRounds(
    runs,
    async () => await playRound(contenders, stage.cast(), turn++),
    (played, quiet) => tell(`${contest.id}: ${describeRound(played)} · ${quiet} of ${runs} quiet rounds`),
  );
  return contest.lines.map((line) => figureOf(line, line.unit ?? contest.unit, rounds, contenders));
}

function describeRound(played: Round): string {
  return Object.entries(played)
    .map(
      ([name, { values, timing }]) => `${name} ${round(median(values))} (${round(timing.foreign * 100)} % elsewhere)`,
    )
    .join(" · ");
}

async function playContests(house: House, options: Options): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const contest of CONTESTS) {
    if (options.only === null || options.only === contest.id)
      figures.push(...(await playContest(contest, house, options)));
  }
  return figures;
}

/** Rejects at Ctrl-C, so that the house is taken down as after any other failure; what it started ends with it. */
const interrupted = new Promise<never>((_, reject) => {
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => reject(new Error("Interrupted.")));
});
interrupted.catch(() => undefined);

async function measure(options: Options): Promise<readonly Figure[]> {
  await using house = await openHouse(options);
  const playing = playContests(house, options);
  // After an interruption nobody waits for it any more, and it fails because the house is gone.
  playing.catch(() => undefined);
  return await Promise.race([playing, interrupted]);
}

async function main(options: Options): Promise<void> {
  if (options.profile) clearProfiles();
  const figures = await measure(options);
  const document = { at: new Date().toISOString(), machine: describeMachine(), figures };
  console.log(options.json ? JSON.stringify(document, null, 2) : `${budgetTable(figures)}\n\n${cpuTable(figures)}`);
  if (options.profile) tell(`${await summarise(PROFILES)}\n\nThe profiles lie in ${PROFILES}.`);
  if (options.save) tell(`Written: ${(await save(document)).join(", ")}`);
}

try {
  const options = readOptions(
    process.argv.slice(2),
    CONTESTS.map(({ id }) => id),
  );
  if (options.help) console.log(USAGE);
  else await main(options);
} catch (error) {
  tell(error instanceof Error ? error.message : String(error));
  // At once: after an interruption agents and peers may still be there, and they end with this process.
  process.exit(1);
}
