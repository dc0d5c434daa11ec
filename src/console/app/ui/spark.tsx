const WIDTH = 60;
const HEIGHT = 16;

/** A line of figures as small as a word, scaled to its largest one. */
export function Spark({ values, label }: { readonly values: readonly number[]; readonly label: string }) {
  const most = Math.max(...values, 1e-9);
  const step = WIDTH / Math.max(values.length - 1, 1);
  const points = values.map((value, index) => `${index * step},${HEIGHT - 1 - (value / most) * (HEIGHT - 2)}`);
  return (
    <svg class="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      <polyline
        points={(points.length === 1 ? [points[0], points[0]!.replace('0,', `${WIDTH},`)] : points).join(' ')}
      />
    </svg>
  );
}
