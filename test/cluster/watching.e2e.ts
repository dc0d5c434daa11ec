import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Collector, type ReceivedSpan, treeOf } from '../metrics/collector.js';
import { scrape, valueOf } from '../metrics/scrape.js';
import { Person } from '../../src/testing/person.js';
import { type Pair, startPair } from './pair.js';

describe('what one sees of two nodes', { timeout: 60_000 }, () => {
  let collector: Collector;
  let pair: Pair;
  let ada: Person;
  let ben: Person;
  beforeAll(async () => {
    vi.stubEnv('OTEL_BSP_SCHEDULE_DELAY', '50');
    collector = await Collector.open();
    pair = await startPair({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    ada = await Person.register(pair.a);
    ben = await (await Person.register(pair.b)).login(pair.b);
    await ada.rest.post('/channels', { slug: 'watched' });
  });
  afterAll(async () => {
    await pair.close();
    await collector.close();
    vi.unstubAllEnvs();
  });

  it('is the life of a message on both, in one trace', async () => {
    const listener = await ben.channelsIn('watched');
    const speaker = await ada.flat();
    speaker.send({ conversation_id: 'watched', content: 'Hello over there' });
    await listener.next();
    const isRoot = ({ name }: ReceivedSpan): boolean => name === 'flat message';
    const spans = await collector.until((spans) => spans.some(isRoot));
    const root = spans.find(isRoot)!;
    await collector.until((spans) => treeOf(spans, root).has('flat message > hear > fan-out'));
    const tree = treeOf(spans, root);
    expect([...tree.keys()].toSorted()).toEqual([
      'flat message',
      'flat message > commit',
      'flat message > fan-out',
      'flat message > hear',
      'flat message > hear > fan-out',
      'flat message > validate',
      'flat message > wait',
    ]);
    const nodeOf = (path: string): unknown => collector.resources.get(tree.get(path)!.spanId)!['service.instance.id'];
    expect(nodeOf('flat message > fan-out')).toBe(nodeOf('flat message'));
    expect(nodeOf('flat message > hear > fan-out')).toBe(nodeOf('flat message > hear'));
    expect(nodeOf('flat message > hear')).not.toBe(nodeOf('flat message'));
    await Promise.all([listener.close(), speaker.close()]);
  });

  it('is how old events are when the other one hears them', async () => {
    const listener = await ben.channelsIn('watched');
    const before = await scrape(pair.b.url);
    await ada.rest.post('/messages', { channel_id: 'watched', content: 'How late is it?' });
    await listener.next();
    const after = await scrape(pair.b.url);
    const grown = (name: string): number => valueOf(after, name) - valueOf(before, name);
    expect(grown('parlance_bus_lag_seconds_count')).toBeGreaterThan(0);
    expect(grown('parlance_bus_payloads_received_total')).toBe(grown('parlance_bus_lag_seconds_count'));
    expect(valueOf(await scrape(pair.a.url), 'parlance_bus_payloads_sent_total')).toBeGreaterThan(0);
    expect([valueOf(after, 'parlance_bus_up'), valueOf(after, 'parlance_nodes')]).toEqual([1, 2]);
    await listener.close();
  });

  it('is that one is cut off, and what it had to repair when it came back', async () => {
    const listener = await ben.channelsIn('watched');
    const repaired = async (): Promise<number> => valueOf(await scrape(pair.b.url), 'parlance_repaired_changes_total');
    const before = await repaired();
    pair.b.faults.bus.cut();
    await vi.waitUntil(async () => valueOf(await scrape(pair.b.url), 'parlance_bus_up') === 0, { timeout: 15_000 });
    await ada.rest.post('/messages', { channel_id: 'watched', content: 'Nobody tells you' });
    await listener.next();
    expect(await repaired()).toBe(before + 1);
    expect(valueOf(await scrape(pair.b.url), 'parlance_repairs_total', { cause: 'sweep' })).toBeGreaterThan(0);
    await pair.b.faults.bus.open();
    await vi.waitUntil(async () => valueOf(await scrape(pair.b.url), 'parlance_bus_up') === 1, { timeout: 15_000 });
  });
});
