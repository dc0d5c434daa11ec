import { Injectable } from '@nestjs/common';
import { Bus } from '../realtime/bus/bus.js';
import { Meters } from '../realtime/meters.js';
import { Roster } from '../realtime/ports.js';
import type { Instruments, MetricGroup } from './instruments.js';

/** How the nodes hear each other. */
@Injectable()
export class BusMetrics implements MetricGroup {
  constructor(
    private readonly meters: Meters,
    private readonly bus: Bus,
    private readonly roster: Roster,
  ) {}

  define(instruments: Instruments): void {
    const { meters, bus, roster } = this;
    instruments.gauge('parlance_bus_up', 'Whether what other nodes publish is heard.', () => Number(bus.isWhole));
    instruments.gauge('parlance_nodes', 'Nodes that this one knows of, itself too.', () => roster.others.length + 1);
    instruments.histogram(
      'parlance_bus_lag_seconds',
      'How old events of other nodes are when they are heard, as far as the clocks agree.',
      meters.busLag,
    );
    instruments.counter(
      'parlance_bus_payloads_sent_total',
      'Payloads to other nodes: what a turn of the event loop has for a topic.',
      () => meters.bus.sent,
    );
    instruments.counter(
      'parlance_bus_payloads_lost_total',
      'Payloads to other nodes that could not be sent: the bus was away, or too slow.',
      () => meters.bus.lost,
    );
    instruments.counter(
      'parlance_bus_payloads_received_total',
      'Payloads from other nodes.',
      () => meters.bus.received,
    );
  }
}
