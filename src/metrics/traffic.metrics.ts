import { Injectable } from '@nestjs/common';
import type { CloseCode } from '../realtime/close-codes.js';
import type { Connection } from '../realtime/connection.js';
import { Connections } from '../realtime/connections.js';
import { type Counts, type DialectMeter, Meters } from '../realtime/meters.js';
import { DialectRegistry } from '../realtime/registry.js';
import type { Instruments, LabelledReadings, MetricGroup } from './instruments.js';

/** What the server disconnects for, by the code that clients get. */
const REASONS: Readonly<Record<CloseCode, string>> = {
  1008: 'policy',
  1011: 'failed',
  1012: 'restarting',
  1013: 'too_slow',
  4401: 'signed_out',
};

/** Connections, and the frames that they bring and get, by dialect. */
@Injectable()
export class TrafficMetrics implements MetricGroup {
  constructor(
    private readonly meters: Meters,
    private readonly registry: DialectRegistry,
    private readonly connections: Connections,
  ) {}

  define(instruments: Instruments): void {
    const count = (name: string, help: string, read: (meter: DialectMeter) => number): void =>
      instruments.counter(name, help, () => this.read(read), ['dialect']);
    const countBy = <Name extends string | number>(
      label: string,
      name: string,
      help: string,
      read: (meter: DialectMeter) => Counts<Name>,
      say: (name: Name | 'other') => string = String,
    ): void => instruments.counter(name, help, () => this.readBy(label, read, say), ['dialect', label]);
    const sum = (name: string, help: string, read: (connection: Connection) => number): void =>
      instruments.gauge(name, help, () => this.sum(read), ['dialect']);

    sum('parlance_connections', 'Connections that are open.', ({ isOpen }) => Number(isOpen));
    sum('parlance_unread_bytes', 'Bytes that were written to sockets and are not read yet.', ({ unread }) => unread);
    count('parlance_connections_opened_total', 'Connections that were let in.', ({ opened }) => opened);
    countBy(
      'reason',
      'parlance_connections_closed_total',
      'Connections that have ended: the client left, was silent, or was disconnected for a reason.',
      ({ ended }) => ended,
      (ending) => (typeof ending === 'number' ? REASONS[ending] : ending),
    );
    count('parlance_frames_received_total', 'Frames from clients, good or bad.', ({ received }) => received);
    countBy(
      'code',
      'parlance_frames_refused_total',
      'Frames from clients that were refused, by the code of the error.',
      ({ refused }) => refused,
    );
    count('parlance_frames_sent_total', 'Frames to clients.', (meter) => meter.sent + deliveriesOf(meter));
    count('parlance_deliveries_total', 'Events shown to clients, one for each connection.', deliveriesOf);
    count(
      'parlance_frames_dropped_total',
      'Typing and presence that were left out for clients that read too slowly.',
      ({ dropped }) => dropped,
    );
  }

  private *read(read: (meter: DialectMeter) => number): LabelledReadings {
    for (const { name: dialect } of this.registry.dialects) yield [{ dialect }, read(this.meters.of(dialect))];
  }

  private *readBy<Name extends string | number>(
    label: string,
    read: (meter: DialectMeter) => Counts<Name>,
    say: (name: Name | 'other') => string,
  ): LabelledReadings {
    for (const { name: dialect } of this.registry.dialects) {
      for (const [name, count] of read(this.meters.of(dialect))) yield [{ dialect, [label]: say(name) }, count];
    }
  }

  private *sum(read: (connection: Connection) => number): LabelledReadings {
    const sums = new Map(this.registry.dialects.map(({ name }) => [name, 0]));
    for (const connection of this.connections) {
      const { name } = connection.dialect;
      sums.set(name, (sums.get(name) ?? 0) + read(connection));
    }
    for (const [dialect, sum] of sums) yield [{ dialect }, sum];
  }
}

function deliveriesOf({ shown, withheld, dropped }: DialectMeter): number {
  return shown - withheld - dropped;
}
