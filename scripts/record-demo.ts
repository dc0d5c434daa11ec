import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { styleText } from 'node:util';

// `npm run demo:record`: runs the demonstration and keeps what it prints, as a terminal session (asciicast 2, for asciinema)
// and as a picture for the README. The picture has the same text; it is only played more slowly, so that it can be read.

const COLUMNS = 132;
const ROWS = 32;
const CAST = 'docs/images/demo.cast';
const PICTURE = 'docs/images/demo.svg';

/** Seconds of the picture for what someone says, for what is heard of it, and at the end. */
const PACE = { said: 1.2, heard: 0.35, end: 6 };
const [FONT_SIZE, CHARACTER, LINE, MARGIN] = [13, 7.83, 18, 16];

interface Output {
  /** Seconds since the beginning. */
  readonly at: number;
  readonly text: string;
}

const outputs = await run();
await writeFile(CAST, toCast(outputs));
await writeFile(PICTURE, toPicture(outputs.map(({ text }) => text).join('')));
console.log(`${CAST} and ${PICTURE} are written`);

async function run(): Promise<Output[]> {
  const outputs: Output[] = [{ at: 0, text: `${styleText('bold', '$ npm run demo', { validateStream: false })}\r\n` }];
  const startedAt = performance.now();
  const demo = spawn('tsx', ['scripts/demo.ts'], {
    env: { ...process.env, FORCE_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  demo.stdout.setEncoding('utf8').on('data', (text: string) => {
    outputs.push({ at: (performance.now() - startedAt) / 1000, text: text.replaceAll('\n', '\r\n') });
  });
  const code = await new Promise((resolve) => demo.on('close', resolve));
  if (code !== 0) throw new Error(`the demonstration ended with ${String(code)}`);
  return outputs;
}

/** https://docs.asciinema.org/manual/asciicast/v2/ */
function toCast(outputs: readonly Output[]): string {
  const header = {
    version: 2,
    width: COLUMNS,
    height: ROWS,
    idle_time_limit: 2,
    title: 'npm run demo',
    env: { TERM: 'xterm-256color' },
  };
  const events = outputs.map(({ at, text }) => [Number(at.toFixed(3)), 'o', text]);
  return `${[header, ...events].map((line) => JSON.stringify(line)).join('\n')}\n`;
}

/** A run of characters in one style. */
interface Span {
  readonly text: string;
  readonly style: 'plain' | 'bold' | 'cyan';
}

/** Lines appear one after the other and, when the window is full, move up; where motion is not wanted, the last ones stand. */
function toPicture(text: string): string {
  const lines = text
    .replaceAll('\r', '')
    .trimEnd()
    .split('\n')
    .flatMap((line) =>
      wrap(toSpans(line)).map((spans, index) => ({ spans, isSaid: line.includes(' says in ') && index === 0 })),
    );
  let clock = 0;
  const shown = lines.map((line) => ({ ...line, at: (clock += line.isSaid ? PACE.said : PACE.heard) }));
  const duration = clock + PACE.end;
  const [width, height] = [Math.ceil(COLUMNS * CHARACTER) + 2 * MARGIN, ROWS * LINE + 2 * MARGIN];
  const up = (rows: number): string => `transform:translateY(${-rows * LINE}px)`;
  const frames = shown
    .map(({ at }, index) => ({ at, hidden: Math.max(0, index + 1 - ROWS) }))
    .filter(({ hidden }) => hidden > 0)
    .map(({ at, hidden }) => `${((100 * at) / duration).toFixed(2)}%{${up(hidden)}}`);
  const hidden = Math.max(0, lines.length - ROWS);
  const rows = shown.map(({ spans, at }, index) => {
    const y = MARGIN + (index + 1) * LINE - 5;
    const runs = spans.map(({ text, style }) => `<tspan class="${style}">${escape(text)}</tspan>`);
    return `<text x="${MARGIN}" y="${y}" style="animation-delay:${at.toFixed(2)}s">${runs.join('')}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="npm run demo: one conversation, and what a client of each dialect hears of it">
<style>
svg{--ink:#1f2328;--paper:#f6f8fa;--name:#0969da}
@media (prefers-color-scheme:dark){svg{--ink:#d1d7e0;--paper:#151b23;--name:#56d4dd}}
rect{fill:var(--paper)}
text{font:${FONT_SIZE}px ui-monospace,SFMono-Regular,Menlo,'DejaVu Sans Mono',monospace;white-space:pre;fill:var(--ink)}
.bold{font-weight:700}.cyan{fill:var(--name)}
.session{${up(hidden)}}
@media (prefers-reduced-motion:no-preference){
text{opacity:0;animation:show 1ms forwards}
.session{animation:scroll ${duration.toFixed(2)}s step-end forwards}
@keyframes show{to{opacity:1}}
@keyframes scroll{0%{transform:none}${frames.join('')}}
}
</style>
<clipPath id="window"><rect x="0" y="${MARGIN}" width="${width}" height="${ROWS * LINE}"/></clipPath>
<rect width="${width}" height="${height}" rx="8"/>
<g clip-path="url(#window)"><g class="session">
${rows.join('\n')}
</g></g>
</svg>
`;
}

/** A line by its styles: the demonstration uses bold and cyan. */
function toSpans(line: string): Span[] {
  let style: Span['style'] = 'plain';
  // oxlint-disable-next-line no-control-regex -- what a terminal is told
  return line.split(/(\u001b\[\d+m)/).flatMap((part): Span[] => {
    // oxlint-disable-next-line no-control-regex -- as above
    const code = /^\u001b\[(\d+)m$/.exec(part)?.[1];
    if (code === undefined) return part === '' ? [] : [{ text: part, style }];
    style = code === '1' ? 'bold' : code === '36' ? 'cyan' : 'plain';
    return [];
  });
}

/** As a terminal does where a line is too long. */
function wrap(spans: readonly Span[]): Span[][] {
  const rows: Span[][] = [[]];
  let room = COLUMNS;
  for (const { text, style } of spans) {
    for (let rest = text; rest !== '';) {
      if (room === 0) {
        rows.push([]);
        room = COLUMNS;
      }
      rows.at(-1)!.push({ text: rest.slice(0, room), style });
      const taken = Math.min(room, rest.length);
      room -= taken;
      rest = rest.slice(taken);
    }
  }
  return rows;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
