import { Counter, Gauge, type Metric, Registry } from 'prom-client';
import type { Distribution } from '../realtime/meters.js';

type Labels = Readonly<Record<string, string>>;

/** A number for each set of labels. */
export type LabelledReadings = Iterable<readonly [labels: Labels, value: number]>;

type Reading = number | LabelledReadings;

/** Metrics of one concern. */
export interface MetricGroup {
  define(instruments: Instruments): void;
}

/**
 * What is published under a name each, in Prometheus's form: all of it is counted elsewhere, and read from there when someone
 * asks, so that nothing is done for it meanwhile.
 */
export class Instruments {
  readonly registry = new Registry();

  /** A number that only grows while the process lives. */
  counter(name: string, help: string, read: () => Reading, labelNames: readonly string[] = []): void {
    const counter: Counter = new Counter({
      name,
      help,
      labelNames,
      registers: [this.registry],
      collect() {
        counter.reset();
        for (const [labels, value] of each(read())) counter.inc(labels, value);
      },
    });
  }

  /** A number as it is now. */
  gauge(name: string, help: string, read: () => Reading, labelNames: readonly string[] = []): void {
    const gauge: Gauge = new Gauge({
      name,
      help,
      labelNames,
      registers: [this.registry],
      collect() {
        gauge.reset();
        for (const [labels, value] of each(read())) gauge.set(labels, value);
      },
    });
  }

  /** How many values there were up to each bound. The library's own histogram can only be told of each value. */
  histogram(name: string, help: string, distribution: Distribution): void {
    const metric = {
      name,
      help,
      type: 'histogram',
      get: async () => ({ ...metric, values: valuesOf(name, distribution) }),
    };
    this.registry.registerMetric(metric as unknown as Metric);
  }
}

function each(reading: Reading): LabelledReadings {
  return typeof reading === 'number' ? [[{}, reading]] : reading;
}

function valuesOf(name: string, { bounds, counts, sum }: Distribution): object[] {
  let total = 0;
  const buckets = counts.map((count, place) => {
    total += count;
    return { metricName: `${name}_bucket`, labels: { le: bounds[place] ?? '+Inf' }, value: total };
  });
  return [...buckets, { metricName: `${name}_sum`, value: sum }, { metricName: `${name}_count`, value: total }];
}
