import { SEALED_TEXT_BEGINNING } from "@weir/protocol";

const COLUMNS = `
  l.flow_run_id as "flowRunId", l.attempt, l.number, l.at, l.level, l.text, coalesce(l.logger, 'flow') as logger,
  l.task_run_number as "taskRunNumber"`;

type Direction = "asc" | "desc";

/**
 * One statement with a part for each flow run, whose id is a value of its own and joined to nothing: so the planner knows the run's day, and
 * walks the primary key of that partition in its order. Where a list of runs was joined, it counted on the few lines that a run has on average,
 * and read and sorted all million of a run that has them, for each page.
 * @param first place of the first run's id among the values
 */
function ofRuns(runs: number, first: number, part: (run: string) => string, order: string): string {
  const parts = Array.from({ length: runs }, (_, index) => `(${part(`$${first + index}::uuid`)})`);
  return `select * from (${parts.join(" union all ")}) l order by "flowRunId", ${order}`;
}

/** Lines of a run between two events: after ($2, $3), before ($4, $5). The row comparison is the primary key's order. */
const linesOf = (run: string) => `
  logs l where l.tenant_id = $1 and l.flow_run_id = ${run} and (l.attempt, l.number) > ($2, $3) and (l.attempt, l.number) < ($4, $5)`;

const orderIn = (direction: Direction) => `attempt ${direction}, number ${direction}`;

/** One page of log lines for each of many flow runs. $1 tenant, $2 to $5 as above, $6 rows of a page, $7 and on: the flow runs. */
export function logPages(direction: Direction, runs: number): string {
  const order = orderIn(direction);
  return ofRuns(runs, 7, (run) => `select ${COLUMNS} from ${linesOf(run)} order by ${order} limit $6`, order);
}

/** Whether a line is wanted: $8 levels in tens, $9 task run, $10 pattern of its text. What is sealed is not searched: it would be found by chance. */
const WANTED = `
  ($8::int[] is null or least(greatest(l.level / 10 * 10, 10), 60) = any($8))
  and ($9::int is null or l.task_run_number = $9)
  and ($10::text is null or (l.text ilike $10 and not starts_with(l.text, '${SEALED_TEXT_BEGINNING}')))`;

/**
 * As `logPages`, of the lines that are wanted. None of what they are wanted for has an index, so what is looked at is bounded: $7 lines of each
 * run. Where looking ended there, the last line that was looked at comes too, wanted or not. $11 and on: the flow runs.
 */
export function wantedLogPages(direction: Direction, runs: number): string {
  const order = orderIn(direction);
  const part = (run: string) => `
    select ${COLUMNS}, l.wanted, l.place = $7 as "isLast"
    from (
      select l.*, ${WANTED} as wanted, row_number() over (order by ${order}) as place
      from (select * from ${linesOf(run)} order by ${order} limit $7) l
    ) l
    where l.wanted or l.place = $7
    order by ${order}
    limit $6`;
  return ofRuns(runs, 11, part, order);
}

/** Log lines of one flow run between two events: after ($3, $4), up to and with ($5, $6). */
export const NEW_LOGS = `
  select ${COLUMNS} from logs l
  where l.tenant_id = $1 and l.flow_run_id = $2 and (l.attempt, l.number) > ($3, $4) and (l.attempt, l.number) <= ($5, $6)
  order by l.attempt, l.number`;

/**
 * Where the lines of each attempt begin and end, and how many there are: counted up to $2, one more when there are more. Three walks of the
 * primary key for each attempt, of the newest $3. $1 tenant, $4 and on: the flow runs.
 */
export function logExtents(runs: number): string {
  const part = (run: string) => {
    const lines = `from logs l where l.tenant_id = $1 and l.flow_run_id = ${run} and l.attempt = a.attempt`;
    return `
      select r.id as "flowRunId", a.attempt, f.number as first, t.number as last, least(c.lines, $2) as lines, c.lines > $2 as "isMore"
      from flow_runs r
      cross join lateral (select attempt from generate_series(greatest(r.attempt - $3 + 1, 1), r.attempt) attempt limit $3) a
      cross join lateral (select number ${lines} order by number limit 1) f
      cross join lateral (select number ${lines} order by number desc limit 1) t
      cross join lateral (select count(*)::int as lines from (select ${lines} limit $2 + 1) counted) c
      where r.tenant_id = $1 and r.id = ${run}`;
  };
  return ofRuns(runs, 4, part, "attempt");
}

/** Names of the tasks that wrote lines. $1 tenant, $2 flow runs, $3 numbers of task runs, in pairs. */
export const TASKS_OF_LINES = `
  select tr.flow_run_id as "flowRunId", tr.number, t.name
  from unnest($2::uuid[], $3::int[]) line(run, number)
  join task_runs tr on tr.tenant_id = $1 and tr.flow_run_id = line.run and tr.number = line.number
  join tasks t on t.tenant_id = tr.tenant_id and t.id = tr.task_id`;
