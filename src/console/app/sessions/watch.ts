import { signal } from '@preact/signals';
import type { Session } from '../accounts/session.js';
import type { CheckIn, Dashboard } from '../api/types.js';
import { dashboardOf } from '../dialects/dashboard.js';
import type { Entry } from '../frames/frame-log.js';
import { Line } from '../panes/line.js';

/** Milliseconds for which check-ins are gathered before the figures are read again. */
const SOON = 500;
const LATEST = 10;
const MINUTE = 60_000;

const NOTHING: Dashboard = { total: 0, refused: 0, per_minute: [], latest: [] };

/**
 * An event session that is watched in the dialect `dashboard`. Its host is told by REST how it stands; anyone else counts
 * what they hear.
 */
export class Watch {
  readonly line: Line = new Line({
    opened: () => void this.#read(),
    heard: (heard) => heard.kind === 'checked-in' && this.#hear(heard.checkIn),
    lost: () => {},
  });
  readonly figures = signal(NOTHING);
  readonly isHost = signal(false);
  readonly error = signal('');
  readonly shownEntry = signal<Entry | undefined>(undefined);
  #account: Session | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly sessionId: string) {}

  /** @param account as whom; nobody is enough where the session is open to all */
  async connect(account: Session | undefined): Promise<void> {
    this.#account = account;
    this.figures.value = NOTHING;
    this.isHost.value = false;
    await this.line.connect({ dialect: dashboardOf(this.sessionId), account, extensions: [] });
  }

  close(): void {
    clearTimeout(this.#timer);
    this.line.disconnect();
  }

  /** Checks a user in, who does so. @throws ApiError that says why they were refused */
  async checkIn(session: Session): Promise<void> {
    await session.request('POST', `/sessions/${this.sessionId}/check-ins`, {});
  }

  #hear(checkIn: CheckIn): void {
    if (this.isHost.value) {
      this.#timer ??= setTimeout(() => void this.#read(), SOON);
      return;
    }
    const { total, refused, per_minute, latest } = this.figures.value;
    const now = Date.parse(checkIn.checkin_time);
    const minute = new Date(now - (now % MINUTE)).toISOString();
    this.figures.value = {
      total: total + Number(checkIn.success),
      refused: refused + Number(!checkIn.success),
      per_minute: checkIn.success ? [...per_minute, { minute, count: 1 }] : per_minute,
      latest: [checkIn, ...latest].slice(0, LATEST),
    };
  }

  /** The figures are for the host; a refusal says that this is someone else. */
  async #read(): Promise<void> {
    this.#timer = undefined;
    const account = this.#account;
    if (account?.user.role !== 'host' && account?.user.role !== 'admin') return;
    try {
      const figures = await account.request<Dashboard>('GET', `/sessions/${this.sessionId}/dashboard`);
      if (account !== this.#account) return;
      this.figures.value = figures;
      this.isHost.value = true;
    } catch {
      this.isHost.value = false;
    }
  }
}
