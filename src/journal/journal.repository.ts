import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { UserRef } from '../common/principal.js';
import type { Role } from '../common/roles.js';
import { PreparedStatements, type Statement } from '../database/prepared.js';
import type { ConversationRef } from '../realtime/events.js';
import { Journal, type JournalPage, type StandingChange } from '../realtime/ports.js';

interface EntryRow {
  readonly entry: number;
  readonly kind: StandingChange['kind'];
  readonly conversation: ConversationRef | null;
  readonly joinedOffset: number | null;
  readonly loginId: string | null;
  readonly user: UserRef;
  readonly role: Role;
  readonly disabled: boolean;
}

interface PageRow {
  readonly until: string;
  readonly isComplete: boolean;
  readonly entries: EntryRow[];
}

/** Entries of other kinds are a newer version's, which may run beside this one. */
const KINDS: readonly StandingChange['kind'][] = ['joined', 'left', 'login-ended', 'disconnected', 'user'];

/**
 * Entries are dated when they are made and seen when they are committed: what was made so long before may be new. No
 * transaction takes longer.
 */
const OVERLAP = `interval '15 s'`;
/** How long entries are kept. */
const RETENTION = `interval '1 hour'`;

const NEWEST: Statement = {
  name: 'journal_newest',
  text: `SELECT coalesce(max(id), 0) AS newest FROM journal`,
};

const SINCE: Statement = {
  name: 'journal_since',
  text: `
    SELECT now()::text AS until,
      $1::timestamptz > now() - ${RETENTION} + ${OVERLAP} AS "isComplete",
      coalesce((
        SELECT jsonb_agg(jsonb_build_object(
          'entry', journal.id, 'kind', journal.kind, 'joinedOffset', journal.joined_offset, 'loginId', journal.login_id,
          'conversation', CASE WHEN c.id IS NOT NULL
            THEN jsonb_build_object('id', c.id, 'number', c.number, 'kind', c.kind, 'slug', c.slug) END,
          'user', jsonb_build_object('id', u.id, 'number', u.number, 'username', u.username, 'fullName', u.full_name,
            'profileImageUrl', u.profile_image_url, 'email', u.email),
          'role', u.role, 'disabled', u.disabled_at IS NOT NULL) ORDER BY journal.id)
        FROM journal
        JOIN users u ON u.id = journal.user_id
        LEFT JOIN conversations c ON c.id = journal.conversation_id
        WHERE journal.at > $1::timestamptz - ${OVERLAP} AND journal.kind = ANY ($2)
      ), '[]') AS entries`,
};

/** The journal that triggers keep in the database (migration `Journal`). */
@Injectable()
export class StoredJournal extends Journal {
  constructor(
    private readonly dataSource: DataSource,
    private readonly statements: PreparedStatements,
  ) {
    super();
  }

  async id(): Promise<string> {
    const [installation] = await this.dataSource.query<{ id: string }[]>(`SELECT id FROM installation`);
    return installation!.id; // the migration has made it
  }

  async newest(): Promise<number> {
    const [row] = await this.statements.execute<{ newest: number }>(NEWEST, []);
    return row!.newest;
  }

  async since(moment: string | undefined): Promise<JournalPage> {
    const [page] = await this.statements.execute<PageRow>(SINCE, [moment ?? 'infinity', KINDS]);
    const { until, isComplete, entries } = page!; // it is one row whatever there is
    return { until, isComplete, entries: new Map(entries.map((row) => [row.entry, toChange(row)])) };
  }

  async noteDisconnection(userId: string): Promise<void> {
    await this.dataSource.query(`INSERT INTO journal (kind, user_id) VALUES ('disconnected', $1)`, [userId]);
  }

  /** Forgets what every node has read long ago. */
  async prune(): Promise<void> {
    await this.dataSource.query(`DELETE FROM journal WHERE at < now() - ${RETENTION}`);
  }
}

function toChange({ kind, conversation, joinedOffset, loginId, user, role, disabled }: EntryRow): StandingChange {
  const userId = user.id;
  switch (kind) {
    case 'joined':
      return { kind, userId, conversation: conversation!, offset: joinedOffset! };
    case 'left':
      return { kind, userId, conversation: conversation! };
    case 'login-ended':
      return { kind, userId, loginId: loginId! };
    case 'disconnected':
      return { kind, userId };
    case 'user':
      return { kind, userId, change: { type: 'user.changed', user, role, disabled } };
  }
}
