import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { expectGenerated } from '../support/generated.js';
import { Person } from '../../src/testing/person.js';
import { startServer, type TestServer } from '../../src/testing/application.js';
import { refusalOf } from '../../src/testing/socket.js';
import { type Family, scrape, valueOf } from './scrape.js';

describe('what is counted', () => {
  let server: TestServer;
  let ada: Person;
  let ben: Person;
  beforeAll(async () => {
    server = await startServer();
    ada = await Person.register(server);
    ben = await Person.register(server);
  });
  afterAll(() => server.close());

  /** How much a metric grows while something happens. */
  async function growth(
    happen: () => Promise<unknown>,
    ...metrics: readonly (readonly [name: string, labels?: Readonly<Record<string, string>>])[]
  ): Promise<number[]> {
    const before = await scrape(server.url);
    await happen();
    const after = await scrape(server.url);
    return metrics.map((metric) => valueOf(after, ...metric) - valueOf(before, ...metric));
  }

  it('has a type, a sentence, a name with its unit, and none of the words that never end', async () => {
    const families = await scrape(server.url);
    const ours = [...families].filter(([name]) => name.startsWith('parlance_'));
    expect(ours.length).toBeGreaterThan(20);
    for (const [name, { type, help, samples }] of ours) {
      expect(help, name).toMatch(/^[A-Z].*\.$|; always 1\.$/);
      expect(name.endsWith('_total'), name).toBe(type === 'counter');
      expect(samples, name).not.toEqual([]);
      expect(samples.length, name).toBeLessThan(100);
      for (const { labels } of samples) {
        const names = Object.keys(labels);
        expect(['dialect', 'code', 'reason', 'outcome', 'cause', 'state', 'version', 'le'], name).toEqual(
          expect.arrayContaining(names),
        );
      }
    }
    expect(families.has('process_cpu_seconds_total')).toBe(true);
    expect(families.has('nodejs_eventloop_lag_p99_seconds')).toBe(true);
  });

  it('is connections, frames and deliveries, by dialect', async () => {
    await ada.rest.post('/channels', { slug: 'counted' });
    const flat = { dialect: 'flat' };
    const [opened, received, sent, delivered, heard] = await growth(
      async () => {
        const speaker = await ada.flat('ext=ack');
        const listener = await ben.channelsIn('counted');
        speaker.send({ conversation_id: 'counted', content: 'Hello' });
        await speaker.next(); // its acknowledgement
        await listener.next();
        await listener.close();
        await speaker.close();
      },
      ['parlance_connections_opened_total', flat],
      ['parlance_frames_received_total', flat],
      ['parlance_frames_sent_total', flat],
      ['parlance_deliveries_total', flat],
      ['parlance_deliveries_total', { dialect: 'channels' }],
    );
    // The one who sends is acknowledged, and not shown what it said.
    expect({ opened, received, sent, delivered, heard }).toEqual({
      opened: 1,
      received: 1,
      sent: 1,
      delivered: 0,
      heard: 1,
    });
  });

  it('says how many are connected, until they leave', async () => {
    const open = async () => valueOf(await scrape(server.url), 'parlance_connections', { dialect: 'tribe' });
    const socket = await ada.tribe();
    expect(await open()).toBe(1);
    const left = { dialect: 'tribe', reason: 'left' };
    expect(await growth(() => socket.close(), ['parlance_connections_closed_total', left])).toEqual([1]);
    expect(await open()).toBe(0);
  });

  it('is why frames and handshakes were refused', async () => {
    const socket = await ada.flat();
    const refusals = await growth(
      async () => {
        socket.send('not JSON');
        await socket.next();
        socket.send({ conversation_id: 'no such thing', content: 'Hello' });
        await socket.next();
        await refusalOf(`${server.wsUrl}/ws`);
      },
      ['parlance_frames_refused_total', { dialect: 'flat', code: 'invalid' }],
      ['parlance_frames_refused_total', { dialect: 'flat', code: 'not_found' }],
      ['parlance_handshakes_refused_total', { code: 'unauthenticated' }],
    );
    expect(refusals).toEqual([1, 1, 1]);
    await socket.close();
  });

  it('is what became of messages, in how many commits, and how long that took', async () => {
    await ada.rest.post('/channels', { slug: 'stored' });
    const listener = await ben.channelsIn('stored');
    const send = (content: string) =>
      ada.rest.post('/messages', { channel_id: 'stored', content, client_message_id: 'only once' });
    const [inserted, repeated, committed, together, fannedOut] = await growth(
      async () => {
        await send('first');
        await send('again');
        await listener.next();
      },
      ['parlance_messages_total', { outcome: 'inserted' }],
      ['parlance_messages_total', { outcome: 'repeated' }],
      ['parlance_commit_duration_seconds_count'],
      ['parlance_commit_messages_sum'],
      ['parlance_fan_out_duration_seconds_count'],
    );
    expect({ inserted, repeated, committed, together }).toEqual({
      inserted: 1,
      repeated: 1,
      committed: 2,
      together: 2,
    });
    expect(fannedOut).toBeGreaterThan(0);
    await listener.close();
  });

  it('has histograms whose buckets add up', async () => {
    const families = await scrape(server.url);
    const { samples } = families.get('parlance_commit_duration_seconds')!;
    const buckets = samples.filter(({ name }) => name.endsWith('_bucket')).map(({ value }) => value);
    expect(buckets).toEqual(buckets.toSorted((a, b) => a - b));
    expect(buckets.at(-1)).toBe(valueOf(families, 'parlance_commit_duration_seconds_count'));
    expect(valueOf(families, 'parlance_commit_duration_seconds_sum')).toBeGreaterThan(0);
  });
});

describe('docs/metrics.md', { timeout: 60_000 }, () => {
  it('lists every metric of ours', async () => {
    const server = await startServer();
    onTestFinished(() => server.close());
    const rows = [...(await scrape(server.url))].filter(([name]) => name.startsWith('parlance_')).map(toRow);
    const table = ['| metric | type | labels | what it says |', '| --- | --- | --- | --- |', ...rows].join('\n');
    await expectGenerated('docs/metrics.md', 'metrics', table);
  });

  function toRow([name, { type, help, samples }]: [string, Family]): string {
    const labels = Object.keys(samples[0]!.labels).filter((label) => label !== 'le');
    return `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${help} |`;
  }
});

describe('who may read it', { timeout: 60_000 }, () => {
  const statusOf = async (server: TestServer, authorization?: string): Promise<number> => {
    const asked = request(server.url).get('/metrics');
    return (await (authorization ? asked.set({ authorization }) : asked)).status;
  };
  const withServer = async (settings: Record<string, string>, work: (server: TestServer) => Promise<void>) => {
    const server = await startServer(settings);
    try {
      await work(server);
    } finally {
      await server.close();
    }
  };
  const production = { NODE_ENV: 'production', JWT_SECRET: 'x'.repeat(32) };

  it('is this machine, without a setting', () =>
    withServer({}, async (server) => expect(await statusOf(server)).toBe(200)));

  it('is nobody in production without a setting, whoever asks', () =>
    withServer(production, async (server) => {
      const { access_token: token } = (
        await request(server.url)
          .post('/api/v1/auth/register')
          .send({ email: 'ann@example.com', password: 'correct horse battery' })
      ).body as { access_token: string };
      expect([await statusOf(server), await statusOf(server, `Bearer ${token}`)]).toEqual([403, 403]);
    }));

  it('is who has the token, where there is one', () =>
    withServer({ ...production, METRICS_TOKEN: 'y'.repeat(32) }, async (server) => {
      const answers = [undefined, 'Bearer no', `Basic ${'y'.repeat(32)}`, `Bearer ${'y'.repeat(32)}`];
      expect(await Promise.all(answers.map((one) => statusOf(server, one)))).toEqual([401, 401, 401, 200]);
      await request(server.url).get('/metrics').expect('www-authenticate', 'Bearer');
    }));
});
