import type { Pool } from "pg";
import { DROP_EXPIRED } from "../cached-results/cached-result.sql.ts";
import type { Loop } from "./loop.ts";

/** Rows in one statement: short enough to hold nobody up. */
const PAGE = 5_000;

/** Removes what has expired from the cache. Nobody is answered with it in the meantime, so it need not hurry. */
export function cachedResultSweeper(pool: Pool, page: number = PAGE): Loop {
  const tick = async () => {
    for (let removed = page; removed >= page;) {
      const { rowCount } = await pool.query(DROP_EXPIRED, [page]);
      removed = rowCount ?? 0;
    }
  };
  return { name: "cached-result-sweeper", seconds: 60, tick };
}
