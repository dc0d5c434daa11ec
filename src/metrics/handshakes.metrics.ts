import { Injectable } from '@nestjs/common';
import { Admission } from '../realtime/admission.js';
import { Meters } from '../realtime/meters.js';
import type { Instruments, MetricGroup } from './instruments.js';

/** Who is let in, and who is not. */
@Injectable()
export class HandshakesMetrics implements MetricGroup {
  constructor(
    private readonly meters: Meters,
    private readonly admission: Admission,
  ) {}

  define(instruments: Instruments): void {
    instruments.gauge(
      'parlance_handshakes_waiting',
      'Handshakes that wait for their turn to be let in.',
      () => this.admission.queueLength,
    );
    instruments.counter(
      'parlance_handshakes_refused_total',
      'Handshakes that were refused, by the code of the error.',
      () => Array.from(this.meters.handshakesRefused, ([code, count]) => [{ code }, count]),
      ['code'],
    );
  }
}
