const COLUMNS = `
  l.flow_run_id as "flowRunId", l.attempt, l.number, l.at, l.level, l.text, coalesce(l.logger, 'flow') as logger,
  l.task_run_number as "taskRunNumber"`;

/**
 * One page of log lines for each of many flow runs, in one statement. The row comparison is the primary key's order: each run is one
 * range of its index. $1 tenant, $2 flow runs, after ($3, $4), before ($5, $6), $7 rows of a page.
 */
export function logPages(direction: "asc" | "desc"): string {
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

/** Log lines of one flow run between two events: after ($3, $4), up to and with ($5, $6). */
export const NEW_LOGS = `
  select ${COLUMNS} from logs l
  where l.tenant_id = $1 and l.flow_run_id = $2 and (l.attempt, l.number) > ($3, $4) and (l.attempt, l.number) <= ($5, $6)
  order by l.attempt, l.number`;
