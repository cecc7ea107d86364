import type { Pool } from "pg";
import { DROP_OLD_KEYS } from "../idempotency/idempotency-key.sql.ts";
import type { Loop } from "./loop.ts";

/** Rows in one statement: short enough to hold nobody up. */
const PAGE = 5_000;

/** Removes idempotency keys whose day is over. Nobody is answered with them in the meantime, so it need not hurry. */
export function idempotencySweeper(pool: Pool, page: number = PAGE): Loop {
  const tick = async () => {
    for (let removed = page; removed >= page;) {
      const { rowCount } = await pool.query(DROP_OLD_KEYS, [page]);
      removed = rowCount ?? 0;
    }
  };
  return { name: "idempotency-sweeper", seconds: 300, tick };
}
