import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { type Chart, svgOf } from './chart.js';
import type { Outcome, Ratio } from './report.js';

/** `docs/performance.md` has the figures of a run between these. */
const BEGIN = '<!-- figures: npm run bench:document -->';
const END = '<!-- end of figures -->';
const ROOT = new URL('../../../../../', import.meta.url);
const DOCUMENT = new URL('docs/performance.md', ROOT);

interface Results {
  readonly machine: { readonly processor: string; readonly cores: number; readonly node: string };
  readonly seconds: number;
  readonly rounds: number;
  readonly scenarios: readonly Outcome[];
}

const files = process.argv.slice(2);
if (files.length === 0) {
  process.stderr.write(
    'npm run bench:document -- test/bench/results/FILE.json …   (of a later file its scenarios count)\n',
  );
  process.exit(2);
}
const results = files.map((file) => JSON.parse(readFileSync(file, 'utf8')) as Results);
const outcomes = new Map(results.flatMap(({ scenarios }) => scenarios).map((outcome) => [outcome.name, outcome]));

/** What was wanted, and what came of it. */
function targets(): string {
  const rows = [...outcomes.values()].flatMap(({ title, ratios, rows: figures }) =>
    ratios
      .filter(({ wanted }) => wanted !== undefined)
      .map(
        (ratio) => `| ${title} | ${ratio.entry} | ${peersOf(ratio)} | ${ratio.wanted} | ${outcomeOf(ratio, figures)} |`,
      ),
  );
  return ['| scenario | of | against | wanted | measured |', '|---|---|---|---|---|', ...rows].join('\n');
}

function peersOf({ with: peers, wanted }: Ratio): string {
  if (wanted?.startsWith('itself')) return 'nothing';
  return peers.length > 1 ? `the mean of ${peers.join(', ')}` : peers[0]!;
}

function outcomeOf({ entry, ratio, wanted, isReached }: Ratio, rows: Outcome['rows']): string {
  const own = rows.find((row) => row.entry === entry)!.figures.value!;
  const figure = wanted?.startsWith('itself') ? own.toFixed(0) : ratio.toFixed(2);
  return isReached ? `**${figure}**` : `${figure}, not reached`;
}

/** All figures of all scenarios, folded. */
function tables(): string {
  return [...outcomes.values()]
    .map(({ name, title, unit, rows }) => {
      const columns = [...new Set(rows.flatMap(({ figures }) => Object.keys(figures)))].filter(
        (key) => key !== 'value',
      );
      const lines = rows.map(({ entry, values, figures }) => {
        const range = [figures.value!, Math.min(...values), Math.max(...values)].map(figure);
        return `| ${[entry, ...range, ...columns.map((column) => figure(figures[column]))].join(' | ')} |`;
      });
      const head = ['', unit, 'from', 'to', ...columns];
      return [
        `<details><summary><code>${name}</code>: ${title}</summary>\n`,
        `| ${head.join(' | ')} |`,
        `|${head.map(() => '---').join('|')}|`,
        ...lines,
        '\n</details>\n',
      ].join('\n');
    })
    .join('\n');
}

function figure(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '';
  return value >= 1_000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}

/** How a kind of figure grows: the same entries in several scenarios. Nothing where fewer than two were run. */
function chart(
  title: string,
  categories: Readonly<Record<string, string>>,
  entries: readonly string[],
): Chart | undefined {
  const run = Object.entries(categories).flatMap(([category, name]) => {
    const outcome = outcomes.get(name);
    return outcome ? [{ category, outcome }] : [];
  });
  if (run.length < 2) return undefined;
  const valueOf = ({ rows }: Outcome, entry: string): number | undefined =>
    rows.find((row) => row.entry === entry)?.figures.value;
  const series = entries
    .map((name) => ({ name, values: run.map(({ outcome }) => valueOf(outcome, name)) }))
    .filter(({ values }) => values.some((value) => value !== undefined));
  return { title, unit: run[0]!.outcome.unit, categories: run.map(({ category }) => category), series };
}

/** What history costs: each task in a short one and in a long one. */
function historyChart(): Chart | undefined {
  const history = outcomes.get('history');
  if (!history) return undefined;
  const tasks = [...new Set(history.rows.map(({ entry }) => entry.replace(/^parlance:|-(short|long)$/g, '')))];
  const valuesOf = (length: string): (number | undefined)[] =>
    tasks.map((task) => history.rows.find(({ entry }) => entry === `parlance:${task}-${length}`)?.figures.value);
  return {
    title: 'A conversation of 1,000 messages and one of 1,000,000',
    unit: history.unit,
    categories: tasks,
    series: [
      { name: '1,000', values: valuesOf('short') },
      { name: '1,000,000', values: valuesOf('long') },
    ],
  };
}

const PEERS = ['ws', 'ws-prepared', 'socket.io', 'nest-ws', 'pipeline'];
const charts = {
  listeners: chart(
    'Deliveries from one conversation, saturated',
    { '100 listeners': 'fan-out-100', '1,000 listeners': 'fan-out-1000', '5,000 listeners': 'fan-out-5000' },
    [...PEERS, 'parlance:flat', 'parlance:tribe', 'parlance:socketio'],
  ),
  'one-in-flight': chart(
    'Deliveries with one message in flight',
    {
      '100 listeners': 'one-in-flight-100',
      '1,000 listeners': 'one-in-flight-1000',
      '5,000 listeners': 'one-in-flight-5000',
    },
    [...PEERS, 'parlance:typing', 'parlance:flat', 'parlance:tribe'],
  ),
  conversations: chart(
    'Deliveries from many conversations, saturated',
    { '20 of 50': 'rooms-20x50', '100 of 50': 'rooms-100x50', '1,000 of 5': 'rooms-1000x5' },
    [...PEERS, 'parlance:flat', 'parlance:tribe'],
  ),
  history: historyChart(),
};

const PICTURES = new URL('docs/images/performance/', ROOT);
mkdirSync(PICTURES, { recursive: true });
const pictures: string[] = [];
for (const [name, made] of Object.entries(charts)) {
  if (!made) continue;
  writeFileSync(new URL(`${name}.svg`, PICTURES), svgOf(made));
  pictures.push(`![${made.title}](images/performance/${name}.svg)\n`);
}

const { machine, seconds, rounds } = results.at(-1)!;
const about = `Measured on ${machine.cores} cores (${machine.processor}), Node ${machine.node}: medians of ${rounds} rounds of ${seconds} s.`;
const document = readFileSync(DOCUMENT, 'utf8');
const [before, after] = [document.indexOf(BEGIN), document.indexOf(END)];
if (before < 0 || after < before) throw new Error(`${DOCUMENT.pathname} has no place for figures`);
const figures = [BEGIN, about, targets(), ...pictures, '### All figures', tables()].join('\n\n');
const path = fileURLToPath(DOCUMENT);
const text = `${document.slice(0, before)}${figures}\n${document.slice(after)}`;
writeFileSync(path, await format(text, { ...(await resolveConfig(path)), filepath: path }));
