import type { Series } from './series.js';

const WIDTH = 300;
const HEIGHT = 80;
/** One more than the steps between the readings that are kept. */
const READINGS = 60;

interface PlotProps {
  readonly title: string;
  readonly series: readonly Series[];
  /** Milliseconds between two readings. */
  readonly every: number;
}

const NUMBER = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });

/** Figures over time as lines, with what each is now; now is at the right. */
export function Plot({ title, series, every }: PlotProps) {
  const most = Math.max(1, ...series.flatMap(({ values }) => values));
  const seconds = ((READINGS - 1) * every) / 1000;
  return (
    <figure class="plot">
      <figcaption>{title}</figcaption>
      <div class="drawing">
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={`${title}: ${series.map(inWords).join('; ') || 'nothing yet'}`}
        >
          {[0, 0.5, 1].map((share) => (
            <line key={share} class="rule" x1={0} x2={WIDTH} y1={yOf(share)} y2={yOf(share)} />
          ))}
          {series.map(({ name, values }) => (
            <polyline key={name} data-dialect={name} data-series={name} points={pointsOf(values, most)} />
          ))}
        </svg>
        <span class="scale most">{NUMBER.format(most)}</span>
        <span class="scale ago">{seconds >= 120 ? `${Math.round(seconds / 60)} min` : `${seconds} s`} ago</span>
      </div>
      <ul class="legend">
        {series.map(({ name, values }) => (
          <li key={name} data-dialect={name} data-series={name}>
            {name} <strong>{NUMBER.format(values.at(-1) ?? 0)}</strong>
          </li>
        ))}
      </ul>
    </figure>
  );
}

const yOf = (share: number): number => HEIGHT - 2 - share * (HEIGHT - 4);

function pointsOf(values: readonly number[], most: number): string {
  const step = WIDTH / (READINGS - 1);
  const shown = values.length === 1 ? [...values, ...values] : values; // a point alone is not a line
  const first = READINGS - shown.length;
  return shown.map((value, index) => `${(first + index) * step},${yOf(value / most)}`).join(' ');
}

function inWords({ name, values }: Series): string {
  return `${name} ${NUMBER.format(values.at(-1) ?? 0)} now, at most ${NUMBER.format(Math.max(...values))}`;
}
