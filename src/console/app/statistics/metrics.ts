const SAMPLE = /^(\w+)(?:\{(.*)\})? (\S+)$/gm;
const DIALECT = /dialect="(\w+)"/;

/** Figures by dialect, by the metric's name; the sums over all its other labels. */
export type Metrics = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** Reads Prometheus's text format, as far as the console shows what is in it: what there is by dialect. */
export function parseMetrics(text: string): Metrics {
  const metrics = new Map<string, Map<string, number>>();
  for (const [, name, labels = '', value] of text.matchAll(SAMPLE)) {
    const dialect = DIALECT.exec(labels)?.[1];
    if (!dialect) continue;
    const readings = metrics.get(name!) ?? new Map<string, number>();
    metrics.set(name!, readings.set(dialect, (readings.get(dialect) ?? 0) + Number(value)));
  }
  return metrics;
}

/** The server's own figures, or nothing where it does not show them to this page. @throws TypeError when it is away */
export async function readMetrics(): Promise<Metrics | undefined> {
  const response = await fetch('/metrics');
  return response.ok ? parseMetrics(await response.text()) : undefined;
}
