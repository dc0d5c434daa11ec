import { Accounts } from './accounts/accounts.js';
import { Directory } from './directory/directory.js';
import { Desk } from './panes/desk.js';
import { EventSessions } from './sessions/event-sessions.js';
import { Statistics } from './statistics/statistics.js';

/** What the console knows and does, without its looks. */
export class Console {
  readonly accounts = new Accounts();
  readonly directory = new Directory(this.accounts);
  readonly desk = new Desk(this.accounts, () => this.directory.touch());
  readonly sessions = new EventSessions(this.accounts);
  readonly statistics = new Statistics(this.desk);
}
