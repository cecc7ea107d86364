import { SEALED_TEXT_BEGINNING } from "@weir/protocol";

const COLUMNS = `
  l.flow_run_id as "flowRunId", l.attempt, l.number, l.at, l.level, l.text, coalesce(l.logger, 'flow') as logger,
  l.task_run_number as "taskRunNumber"`;

type Direction = "asc" | "desc";

/**
 * One page of log lines for each of many flow runs, in one statement. The row comparison is the primary key's order: each run is one
 * range of its index. $1 tenant, $2 flow runs, after ($3, $4), before ($5, $6), $7 rows of a page.
 */
export function logPages(direction: Direction): string {
  return `
    select l.* from unnest($2::uuid[]) run(id)
    cross join lateral (
      select ${COLUMNS} from logs l
      where l.tenant_id = $1 and l.flow_run_id = run.id and (l.attempt, l.number) > ($3, $4) and (l.attempt, l.number) < ($5, $6)
      order by l.attempt ${direction}, l.number ${direction}
      limit $7
    ) l
    order by l."flowRunId", l.attempt ${direction}, l.number ${direction}`;
}

/** Whether a line is wanted: $9 levels in tens, $10 task run, $11 pattern of its text. What is sealed is not searched: it would find by chance. */
const WANTED = `
  ($9::int[] is null or least(greatest(l.level / 10 * 10, 10), 60) = any($9))
  and ($10::int is null or l.task_run_number = $10)
  and ($11::text is null or (l.text ilike $11 and not starts_with(l.text, '${SEALED_TEXT_BEGINNING}')))`;

/**
 * As \`logPages\`, of the lines that are wanted. None has an index, so what is looked at is bounded: $8 lines of each run. Where looking ended
 * there, the last line that was looked at comes too, wanted or not.
 */
export function wantedLogPages(direction: Direction): string {
  const order = `l.attempt ${direction}, l.number ${direction}`;
  return `
    select l.* from unnest($2::uuid[]) run(id)
    cross join lateral (
      select ${COLUMNS}, l.wanted, l.place = $8 as "isLast"
      from (
        select l.*, ${WANTED} as wanted, row_number() over (order by ${order}) as place
        from (
          select * from logs l
          where l.tenant_id = $1 and l.flow_run_id = run.id and (l.attempt, l.number) > ($3, $4) and (l.attempt, l.number) < ($5, $6)
          order by ${order}
          limit $8
        ) l
      ) l
      where l.wanted or l.place = $8
      order by ${order}
      limit $7
    ) l
    order by l."flowRunId", ${order}`;
}

/** Log lines of one flow run between two events: after ($3, $4), up to and with ($5, $6). */
export const NEW_LOGS = `
  select ${COLUMNS} from logs l
  where l.tenant_id = $1 and l.flow_run_id = $2 and (l.attempt, l.number) > ($3, $4) and (l.attempt, l.number) <= ($5, $6)
  order by l.attempt, l.number`;

/**
 * Where the lines of each attempt begin and end, and how many there are: counted up to $3, one more when there are more. Three walks of the
 * primary key for each attempt, of the newest $4. $1 tenant, $2 flow runs.
 */
export const LOG_EXTENTS = `
  select r.id as "flowRunId", a.attempt, f.number as first, t.number as last, least(c.lines, $3) as lines, c.lines > $3 as "isMore"
  from flow_runs r
  cross join lateral generate_series(greatest(r.attempt - $4 + 1, 1), r.attempt) a(attempt)
  cross join lateral (
    select number from logs l where l.tenant_id = r.tenant_id and l.flow_run_id = r.id and l.attempt = a.attempt order by number limit 1
  ) f
  cross join lateral (
    select number from logs l where l.tenant_id = r.tenant_id and l.flow_run_id = r.id and l.attempt = a.attempt order by number desc limit 1
  ) t
  cross join lateral (
    select count(*)::int as lines from (
      select from logs l where l.tenant_id = r.tenant_id and l.flow_run_id = r.id and l.attempt = a.attempt limit $3 + 1
    ) counted
  ) c
  where r.tenant_id = $1 and r.id = any($2::uuid[])
  order by r.id, a.attempt`;

/** Names of the tasks that wrote lines. $1 tenant, $2 flow runs, $3 numbers of task runs, in pairs. */
export const TASKS_OF_LINES = `
  select tr.flow_run_id as "flowRunId", tr.number, t.name
  from unnest($2::uuid[], $3::int[]) line(run, number)
  join task_runs tr on tr.tenant_id = $1 and tr.flow_run_id = line.run and tr.number = line.number
  join tasks t on t.tenant_id = tr.tenant_id and t.id = tr.task_id`;
