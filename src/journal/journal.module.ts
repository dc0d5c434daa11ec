import { Global, Module } from '@nestjs/common';
import { Journal } from '../realtime/ports.js';
import { JournalPruner } from './journal.pruner.js';
import { StoredJournal } from './journal.repository.js';

/** The record of who may hear what, for the nodes that have not been told of a change. */
@Global()
@Module({
  providers: [StoredJournal, JournalPruner, { provide: Journal, useExisting: StoredJournal }],
  exports: [Journal],
})
export class JournalModule {}
