/** Figures side by side: for each category a group of bars, one a series. */
export interface Chart {
  readonly title: string;
  readonly unit: string;
  readonly categories: readonly string[];
  /** Values in the order of the categories; undefined where there is none. */
  readonly series: readonly { readonly name: string; readonly values: readonly (number | undefined)[] }[];
}

const WIDTH = 860;
const HEIGHT = 360;
const AREA = { left: 76, right: WIDTH - 16, top: 64, bottom: HEIGHT - 40 };
const COLOURS = ['#6b7785', '#9aa5b1', '#b98a2f', '#8a6fb8', '#1f7a5c', '#2f6fb8', '#b8504a', '#3a9aa0'];

/** The chart as SVG, on a logarithmic scale, for light pages and dark ones. Every bar says its figure when pointed at. */
export function svgOf({ title, unit, categories, series }: Chart): string {
  const values = series.flatMap((one) => one.values).filter((value) => value !== undefined);
  const lowest = 10 ** Math.floor(Math.log10(Math.min(...values)));
  const highest = 10 ** Math.ceil(Math.log10(Math.max(...values)));
  const heightOf = (value: number): number =>
    ((AREA.bottom - AREA.top) * Math.log10(value / lowest)) / Math.log10(highest / lowest);
  const parts: string[] = [];
  for (let tick = lowest; tick <= highest * 1.001; tick *= 10) {
    const y = AREA.bottom - heightOf(tick);
    parts.push(`<line class="grid" x1="${AREA.left}" x2="${AREA.right}" y1="${y}" y2="${y}"/>`);
    parts.push(`<text x="${AREA.left - 8}" y="${y + 4}" text-anchor="end">${short(tick)}</text>`);
  }
  const group = (AREA.right - AREA.left) / categories.length;
  const bar = (group * 0.84) / series.length;
  for (const [place, category] of categories.entries()) {
    const left = AREA.left + place * group + group * 0.08;
    for (const [index, { name, values: own }] of series.entries()) {
      const value = own[place];
      if (value === undefined) continue;
      const height = Math.max(1, heightOf(value));
      parts.push(
        `<rect x="${left + index * bar}" y="${AREA.bottom - height}" width="${bar * 0.92}" height="${height}" ` +
          `fill="${COLOURS[index % COLOURS.length]}"><title>${name}, ${category}: ${short(value)} ${unit}</title></rect>`,
      );
    }
    parts.push(`<text x="${left + group * 0.42}" y="${AREA.bottom + 20}" text-anchor="middle">${category}</text>`);
  }
  let x = AREA.left;
  for (const [index, { name }] of series.entries()) {
    parts.push(`<rect x="${x}" y="38" width="10" height="10" fill="${COLOURS[index % COLOURS.length]}"/>`);
    parts.push(`<text x="${x + 15}" y="47">${name}</text>`);
    x += 34 + name.length * 6.4;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">
<style>
  text { font: 12px system-ui, sans-serif; fill: #3b4450 }
  .title { font-size: 14px; font-weight: 600 }
  .grid { stroke: #d8dde3 }
  @media (prefers-color-scheme: dark) { text { fill: #c9d1d9 } .grid { stroke: #30363d } }
</style>
<text class="title" x="${AREA.left}" y="22">${title} (${unit})</text>
${parts.join('\n')}
</svg>
`;
}

/** A figure in at most four signs. */
function short(value: number): string {
  if (value >= 1e6) return `${trim(value / 1e6)}M`;
  if (value >= 1e3) return `${trim(value / 1e3)}k`;
  return trim(value);
}

const trim = (value: number): string => String(Number(value.toPrecision(value >= 100 ? 3 : 2)));
