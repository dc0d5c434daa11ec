/** How many readings are kept. */
const MOST = 60;

/** One figure over time, the last reading last. */
export interface Series {
  readonly name: string;
  readonly values: readonly number[];
}

/** The series with one more reading each; one that was not read is 0, one that is new begins with zeros. */
export function extend(
  series: readonly Series[],
  readings: Iterable<readonly [name: string, value: number]>,
): Series[] {
  const latest = new Map(readings);
  const length = series[0]?.values.length ?? 0;
  const names = new Set([...series.map(({ name }) => name), ...latest.keys()]);
  return [...names].map((name) => {
    const before = series.find((other) => other.name === name)?.values ?? Array.from({ length }, () => 0);
    return { name, values: [...before, latest.get(name) ?? 0].slice(-MOST) };
  });
}
