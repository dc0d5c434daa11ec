import type { Additions } from 'parlance';
import { LinesModule } from './lines/lines.module.js';
import { Polls1800000000000 } from './polls/1800000000000-polls.migration.js';
import { PollsModule } from './polls/polls.module.js';

/** What this package adds to the server. */
export const additions: Additions = { imports: [LinesModule, PollsModule], migrations: [Polls1800000000000] };
