import { selectRows } from '@taskgraph/shared/database';
import type { DataSource } from 'typeorm';

/** How many were counted in the running window, and the seconds it has left. */
export async function readWindow(database: DataSource, account: string, windowMinutes: number): Promise<{ checks: number; secondsLeft: number }> {
  const [row] = await selectRows<{ checks: number; secondsLeft: number }>(
    database,
    `select checks, ceil(extract(epoch from since + make_interval(mins => $2) - now()))::int as "secondsLeft" from password_checks
     where account = $1 and since >= now() - make_interval(mins => $2)`,
    [account, windowMinutes],
  );
  return row ?? { checks: 0, secondsLeft: 0 };
}

/** Counts one more of something that is limited per window, and answers how many there were in the running one, and the seconds it has left. */
export async function countInWindow(database: DataSource, account: string, windowMinutes: number): Promise<{ checks: number; secondsLeft: number }> {
  const [row] = await selectRows<{ checks: number; secondsLeft: number }>(
    database,
    `insert into password_checks as p (account, since, checks) values ($1, now(), 1)
     on conflict (account) do update set
       checks = case when p.since < now() - make_interval(mins => $2) then 1 else p.checks + 1 end,
       since = case when p.since < now() - make_interval(mins => $2) then now() else p.since end
     returning checks, ceil(extract(epoch from p.since + make_interval(mins => $2) - now()))::int as "secondsLeft"`,
    [account, windowMinutes],
  );
  return row ?? { checks: 1, secondsLeft: 0 };
}
