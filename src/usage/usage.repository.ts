import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { UnitOfWork } from '../database/unit-of-work.js';
import { MOST_CLIENTS, OTHER, type UsageCount } from '../realtime/usage-tally.js';

/** How long sums are kept. */
const RETENTION = `interval '90 days'`;

/** What a client has used of a dialect on a day, in UTC. */
export interface UsageRow {
  readonly day: string;
  readonly dialect: string;
  readonly client: string;
  /** By what was counted. */
  readonly counts: Readonly<Record<string, number>>;
}

export interface UsageFilter {
  /** Days, both included. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly dialect: string | undefined;
  readonly client: string | undefined;
  /** Those that have used it. */
  readonly way: string | undefined;
}

/** The place of a row: day, dialect, client. */
export type UsageKey = readonly [day: string, dialect: string, client: string];

/** The sums of the days. */
@Injectable()
export class UsageRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Adds counts to a day's sums, wholly or not at all. Clients beyond the day's first 500 are added as one. */
  async add(day: string, counts: readonly UsageCount[]): Promise<void> {
    await this.unitOfWork.run(async (manager) => {
      // The nodes write one after the other: what one of them sees of the day's clients then stays true.
      await manager.query(`LOCK TABLE usage IN SHARE ROW EXCLUSIVE MODE`);
      const named = fold(counts, await this.clientsOf(day, manager));
      await manager.query(
        `INSERT INTO usage (day, dialect, client, what, count)
         SELECT $1, dialect, client, what, sum(count)
         FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[]) AS used (dialect, client, what, count)
         GROUP BY dialect, client, what
         ON CONFLICT (day, dialect, client, what) DO UPDATE SET count = usage.count + excluded.count`,
        [
          day,
          named.map(({ dialect }) => dialect),
          named.map(({ client }) => client),
          named.map(({ what }) => what),
          named.map(({ count }) => count),
        ],
      );
    });
  }

  /** The newest day first, then by dialect and client. */
  list(
    { from, to, dialect, client, way }: UsageFilter,
    [afterDay, afterDialect, afterClient]: UsageKey | [],
    count: number,
  ): Promise<UsageRow[]> {
    return this.dataSource.query(
      `SELECT day::text, dialect, client, jsonb_object_agg(what, count) AS counts
       FROM usage
       WHERE ($1::date IS NULL OR day >= $1) AND ($2::date IS NULL OR day <= $2)
         AND ($3::text IS NULL OR dialect = $3) AND ($4::text IS NULL OR client = $4)
         AND ($6::date IS NULL OR day < $6 OR (day = $6 AND (dialect, client) > ($7::text, $8::text)))
       GROUP BY day, dialect, client
       HAVING $5::text IS NULL OR bool_or(what = $5)
       ORDER BY usage.day DESC, dialect, client
       LIMIT $9`,
      [from, to, dialect, client, way, afterDay, afterDialect, afterClient, count].map((value) => value ?? null),
    );
  }

  /** Forgets what is too old. */
  async prune(): Promise<void> {
    await this.dataSource.query(`DELETE FROM usage WHERE day < now() - ${RETENTION}`);
  }

  private async clientsOf(day: string, manager: EntityManager): Promise<Set<string>> {
    const rows = await manager.query<{ client: string }[]>(
      `SELECT DISTINCT client FROM usage WHERE day = $1 AND client <> $2`,
      [day, OTHER],
    );
    return new Set(rows.map(({ client }) => client));
  }
}

/** The counts with new clients, as long as there is room for them, and otherwise without their names; those used most first. */
function fold(counts: readonly UsageCount[], clients: ReadonlySet<string>): UsageCount[] {
  const uses = new Map<string, number>();
  for (const { client, count } of counts) uses.set(client, (uses.get(client) ?? 0) + count);
  const newcomers = [...uses]
    .filter(([client]) => client !== OTHER && !clients.has(client))
    .toSorted(([, one], [, other]) => other - one)
    .map(([client]) => client);
  const named = new Set([...clients, ...newcomers.slice(0, Math.max(0, MOST_CLIENTS - clients.size))]);
  return counts.map((count) => (named.has(count.client) ? count : { ...count, client: OTHER }));
}
