import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Person } from '../../src/testing/person.js';
import { startServer, type TestServer } from '../../src/testing/application.js';
import { refusalOf } from '../../src/testing/socket.js';
import { type Expression, parseExpression } from './promql.js';
import { scrape, type Sample } from './scrape.js';

const TOKEN = 'what Prometheus has in its file';

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: object;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}
interface Dashboard {
  readonly uid: string;
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly type: string; readonly definition?: string }[];
  };
  readonly panels: readonly Panel[];
}
interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string };
}
interface Prometheus {
  readonly rule_files: readonly string[];
  readonly scrape_configs: readonly [
    { readonly job_name: string; readonly metrics_path: string; readonly authorization: { readonly type: string } },
  ];
}

const dashboard = JSON.parse(readFileSync('deploy/grafana/parlance.json', 'utf8')) as Dashboard;
const prometheus = parse(readFileSync('deploy/prometheus/prometheus.yaml', 'utf8')) as Prometheus;
const { groups } = parse(readFileSync('deploy/prometheus/parlance.rules.yaml', 'utf8')) as {
  groups: readonly [{ rules: readonly Rule[] }];
};
const [{ rules }] = groups;
const [job] = prometheus.scrape_configs;

/** What Prometheus adds to every sample, and the metric that it makes itself. */
const ADDED = ['instance', 'job'];
const UP: Sample = { name: 'up', labels: {}, value: 1 };

describe('what watches a server', () => {
  let server: TestServer;
  let samples: readonly Sample[];
  beforeAll(async () => {
    server = await startServer({ METRICS_TOKEN: TOKEN });
    await makeTraffic(server);
    const authorization = `${job.authorization.type} ${TOKEN}`;
    const families = await scrape(server.url, { authorization });
    samples = [UP, ...[...families.values()].flatMap(({ samples }) => samples)];
  });
  afterAll(() => server.close());

  /** Expects each metric to be there, with each label, and a value that is asked for to come up. */
  function expectKnown({ selectors, grouping }: Expression): void {
    expect(selectors).not.toEqual([]);
    const named = selectors.map(({ metric }) => samples.filter(({ name }) => name === metric));
    for (const [index, { metric, labels }] of selectors.entries()) {
      expect(named[index], metric).not.toEqual([]);
      for (const { name, operator, value } of labels) {
        if (ADDED.includes(name)) continue;
        const values = named[index]!.map((sample) => sample.labels[name]);
        if (operator === '=' || operator === '!=') expect(values, `${metric}, ${name}`).toContain(value);
        else expect(values, `${metric}, ${name}`).not.toContain(undefined);
      }
    }
    for (const label of grouping.filter((label) => !ADDED.includes(label))) {
      for (const some of named) expect(labelsOf(some), `by ${label}`).toContain(label);
    }
  }

  /** Expects what is said of a result to name labels that it has. */
  function expectSayable(said: readonly string[], { kept, selectors }: Expression): void {
    const own = selectors.flatMap(({ metric }) => labelsOf(samples.filter(({ name }) => name === metric)));
    expect(kept ?? [...own, ...ADDED]).toEqual(expect.arrayContaining([...said]));
  }

  it.each(dashboard.panels.flatMap(({ title, targets = [] }) => targets.map((target) => ({ title, ...target }))))(
    'is shown by the dashboard’s "$title" from metrics and labels that it has: $legendFormat',
    ({ expr, legendFormat }) => {
      const expression = parseExpression(expr);
      expectKnown(expression);
      expectSayable(
        Array.from(legendFormat.matchAll(/\{\{(\w+)\}\}/g), ([, label = '']) => label),
        expression,
      );
      for (const { labels } of expression.selectors) {
        expect(labels).toContainEqual({ name: 'instance', operator: '=~', value: '$instance' });
      }
    },
  );

  it.each(rules)('is told by $alert from metrics and labels that it has', ({ expr, annotations }) => {
    const expression = parseExpression(expr);
    expectKnown(expression);
    expectSayable(
      Array.from(annotations.summary.matchAll(/\$labels\.(\w+)/g), ([, label = '']) => label),
      expression,
    );
  });

  it('finds the nodes by a metric that each has', () => {
    const variable = dashboard.templating.list.find(({ name }) => name === 'instance');
    const [, metric, label] = /^label_values\((\w+), (\w+)\)$/.exec(variable!.definition!)!;
    expect(samples.map(({ name }) => name)).toContain(metric);
    expect(ADDED).toContain(label);
  });
});

describe('the dashboard', () => {
  it('asks for the data source, and takes everything from it', () => {
    expect(dashboard.templating.list).toMatchObject([
      { name: 'datasource', type: 'datasource', query: 'prometheus' },
      { name: 'instance', type: 'query', multi: true, includeAll: true },
    ]);
    for (const { type, datasource } of dashboard.panels) {
      if (type !== 'row') expect(datasource).toEqual({ type: 'prometheus', uid: '${datasource}' });
    }
  });

  it('has panels that say what they show, none over another', () => {
    const { panels } = dashboard;
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const taken = new Map<string, string>();
    for (const { title, type, description, gridPos } of panels) {
      expect(title).toBeTruthy();
      if (type !== 'row') expect(description, title).toBeTruthy();
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        expect(x, title).toBeLessThan(24);
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.get(`${x} ${y}`), `under ${title}`).toBeUndefined();
          taken.set(`${x} ${y}`, title);
        }
      }
    }
  });
});

describe('the alert rules', () => {
  it('each wait for a while, say how bad it is, what it is and what to do', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const { alert, for: time, labels, annotations } of rules) {
      expect(time, alert).toMatch(/^[1-9]\d*m$/);
      expect(labels.severity, alert).toMatch(/^(critical|warning)$/);
      expect(annotations.summary, alert).toBeTruthy();
      expect(annotations.description.length, alert).toBeGreaterThan(60);
    }
  });

  it('lie where Prometheus’s example looks for them, which asks the nodes as they are to be asked', () => {
    for (const file of prometheus.rule_files) expect(existsSync(`deploy/prometheus/${file}`), file).toBe(true);
    expect(job).toMatchObject({ job_name: 'parlance', metrics_path: '/metrics', authorization: { type: 'Bearer' } });
  });
});

describe('the reader of expressions', () => {
  it('finds what is asked for, and by what it is grouped', () => {
    const expression = 'histogram_quantile(0.9, sum by (le, code) (rate(a_bucket{b="{c}", d!~"e"}[5m]))) > 1.5';
    expect(parseExpression(expression)).toEqual({
      selectors: [
        {
          metric: 'a_bucket',
          labels: [
            { name: 'b', operator: '=', value: '{c}' },
            { name: 'd', operator: '!~', value: 'e' },
          ],
        },
      ],
      kept: ['code'],
      grouping: ['le', 'code'],
    });
    expect(parseExpression('sum(rate(a[1m])) / sum(b)')).toMatchObject({
      selectors: [{ metric: 'a' }, { metric: 'b' }],
      kept: [],
    });
    expect(parseExpression('a{b="c"} == 0').kept).toBeUndefined();
  });

  it.each(['sum(a', 'a)', 'a{b}', 'a{b="c}', 'frobnicate(a)', 'sum a', 'a; b'])('does not pass %s', (text) => {
    expect(() => parseExpression(text)).toThrow(text);
  });
});

function labelsOf(samples: readonly Sample[]): string[] {
  return [...new Set(samples.flatMap(({ labels }) => Object.keys(labels)))];
}

/** Messages in every way in, and something of what goes wrong. */
async function makeTraffic(server: TestServer): Promise<void> {
  const [ada, ben] = [await Person.register(server), await Person.register(server)];
  await ada.rest.post('/channels', { slug: 'watched' });
  const listener = await ben.channelsIn('watched');
  const speaker = await ada.flat();
  speaker.send('not JSON');
  speaker.send({ conversation_id: 'watched', content: 'Hello' });
  await ada.rest.post('/messages', { channel_id: 'watched', content: 'Hello again' });
  await listener.take(2);
  await refusalOf(`${server.wsUrl}/ws`);
  await speaker.close();
  await listener.close();
}
