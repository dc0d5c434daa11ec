import request from 'supertest';

/** What a metric says of itself, and the samples under its name. */
export interface Family {
  readonly type: string;
  readonly help: string;
  readonly samples: Sample[];
}

export interface Sample {
  /** With the suffix that a histogram's parts have. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The metrics of a server, by name, as Prometheus reads them. */
export async function scrape(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Map<string, Family>> {
  const { text } = await request(url).get('/metrics').set(headers).expect(200);
  const families = new Map<string, Family>();
  let family: Family | undefined;
  for (const line of text.split('\n')) {
    const [, word, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (word === 'HELP') families.set(name, (family = { type: '', help: rest, samples: [] }));
    else if (word === 'TYPE') families.set(name, (family = { ...family!, type: rest }));
    else if (line !== '') family!.samples.push(toSample(line));
  }
  return families;
}

function toSample(line: string): Sample {
  const match = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line);
  if (!match) throw new Error(`not a line of the text format: ${line}`);
  const [, name = '', labels = '', value] = match;
  return { name, labels: Object.fromEntries(labelsIn(labels)), value: value === '+Inf' ? Infinity : Number(value) };
}

function labelsIn(text: string): [string, string][] {
  return Array.from(text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)",?/g), ([, name = '', value = '']) => [name, value]);
}

/** The sum of a metric's samples that have these labels. */
export function valueOf(
  families: ReadonlyMap<string, Family>,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  const family = families.get(name) ?? families.get(name.replace(/_(bucket|sum|count)$/, ''));
  const samples = (family?.samples ?? []).filter(
    (sample) =>
      sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
  );
  if (samples.length === 0) throw new Error(`no ${name} with ${JSON.stringify(labels)}`);
  return samples.reduce((sum, { value }) => sum + value, 0);
}
