import { Injectable } from '@nestjs/common';
import { Hub } from '../realtime/hub.js';
import { Meters } from '../realtime/meters.js';
import type { Instruments, MetricGroup } from './instruments.js';

/** What becomes of messages: from the group that stores them to the rooms that show them. */
@Injectable()
export class MessagesMetrics implements MetricGroup {
  constructor(
    private readonly meters: Meters,
    private readonly hub: Hub,
  ) {}

  define(instruments: Instruments): void {
    const { meters, hub } = this;
    instruments.counter(
      'parlance_messages_total',
      'Messages that were sent: stored (inserted), known already (repeated), or not the sender’s to send (refused).',
      () => Object.entries(meters.messages).map(([outcome, count]) => [{ outcome }, count]),
      ['outcome'],
    );
    instruments.gauge('parlance_messages_waiting', 'Messages that wait to be stored.', () => meters.messagesWaiting);
    instruments.histogram(
      'parlance_commit_duration_seconds',
      'Time in which the database has stored a group of messages.',
      meters.commit,
    );
    instruments.histogram('parlance_commit_messages', 'Messages that were stored together.', meters.commitSize);
    instruments.counter(
      'parlance_commits_failed_total',
      'Groups of messages that could not be stored; one that fails as a whole is tried message by message.',
      () => meters.commitsFailed,
    );
    instruments.histogram(
      'parlance_fan_out_duration_seconds',
      'Time from an event’s coming to a conversation until it is written to the sockets, for each turn of the event loop.',
      meters.fanOut,
    );
    instruments.gauge('parlance_rooms', 'Conversations that someone on this node hears.', () => hub.size);
    instruments.counter(
      'parlance_repairs_total',
      'Gaps filled from the database, by what showed them: a later change, the comparison, one who resumes.',
      () => Array.from(meters.repairs, ([cause, count]) => [{ cause }, count]),
      ['cause'],
    );
    instruments.counter(
      'parlance_repaired_changes_total',
      'Changes of messages that the bus had not brought, and the database had.',
      () => meters.changesRepaired,
    );
  }
}
