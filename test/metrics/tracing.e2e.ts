import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Tracer } from '../../src/realtime/tracer.js';
import { Person } from '../../src/testing/person.js';
import { startServer, type TestServer } from '../../src/testing/application.js';
import { spawnServer } from '../support/spawned-server.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { Collector, type ReceivedSpan, treeOf, valuesIn } from './collector.js';

const TEXT = 'what nobody but they should know';
const CALLER = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };

let collector: Collector;
beforeEach(async () => {
  collector = await Collector.open();
  vi.stubEnv('OTEL_BSP_SCHEDULE_DELAY', '50');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await collector.close();
});

async function start(): Promise<TestServer> {
  const server = await startServer({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  onTestFinished(() => server.close());
  return server;
}

/** Someone in a channel, who is heard by someone else there. */
async function arrange(server: TestServer): Promise<{ ada: Person; channel: string }> {
  const [ada, ben] = [await Person.register(server), await Person.register(server)];
  await ada.rest.post('/channels', { slug: 'traced' });
  await ben.channelsIn('traced');
  return { ada, channel: 'traced' };
}

const isNamed =
  (name: string) =>
  (span: ReceivedSpan): boolean =>
    span.name === name;

describe('the trace of a message', { timeout: 60_000 }, () => {
  it('goes from the frame by validation, the wait for its group and the commit to those who hear it', async () => {
    const { ada, channel } = await arrange(await start());
    const socket = await ada.flat('ext=ack');
    socket.send({ conversation_id: channel, content: TEXT });
    const { message } = await socket.next();
    const spans = await collector.until((spans) => spans.some(isNamed('flat message')));
    const root = spans.find(isNamed('flat message'))!;
    await collector.until((spans) => treeOf(spans, root).size === 5);
    const tree = treeOf(spans, root);
    expect([...tree.keys()].toSorted()).toEqual([
      'flat message',
      'flat message > commit',
      'flat message > fan-out',
      'flat message > validate',
      'flat message > wait',
    ]);
    expect(root.parentSpanId ?? '').toBe('');
    expect(valuesIn(root.attributes)).toMatchObject({
      'parlance.dialect': 'flat',
      'parlance.frame': 'message',
      'parlance.message.id': message.id,
    });
    expect(collector.resources.get(root.spanId)).toMatchObject({ 'service.name': 'parlance' });
  });

  it('says nothing of what was said, and has no token', async () => {
    const { ada, channel } = await arrange(await start());
    const socket = await ada.flat('ext=ack');
    socket.send({ conversation_id: channel, content: TEXT });
    socket.send({ conversation_id: `${TEXT}, which is no conversation`, content: TEXT });
    await socket.take(2);
    await ada.rest.post('/messages', { channel_id: channel, content: TEXT });
    await collector.until((spans) => spans.some(isNamed('POST /api/v1/messages')));
    await collector.until((spans) => spans.some(({ status }) => status.code === 2));
    const all = collector.texts.join('\n');
    for (const secret of [TEXT, ada.token, ada.email, ada.id]) expect(all).not.toContain(secret);
    const failed = collector.spans.find(({ status }) => status.code === 2)!;
    expect(valuesIn(failed.attributes)).toMatchObject({ 'error.type': 'not_found' });
  });

  it('begins where the caller of REST has got to, who also says whether it is wanted', async () => {
    const server = await start();
    const { ada, channel } = await arrange(server);
    const post = (flags: string, content: string) =>
      fetch(`${server.url}/api/v1/messages`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${ada.token}`,
          'content-type': 'application/json',
          traceparent: `00-${CALLER.traceId}-${CALLER.spanId}-${flags}`,
        },
        body: JSON.stringify({ channel_id: channel, content }),
      });
    await post('00', 'not wanted');
    await post('01', 'wanted');
    const isRoot = isNamed('POST /api/v1/messages');
    const spans = await collector.until((spans) => spans.some(isRoot));
    expect(spans.filter(isRoot)).toHaveLength(1);
    expect(spans.find(isRoot)).toMatchObject({ traceId: CALLER.traceId, parentSpanId: CALLER.spanId });
    expect(valuesIn(spans.find(isRoot)!.attributes)).toMatchObject({
      'http.request.method': 'POST',
      'http.route': '/api/v1/messages',
      'parlance.message.seq': expect.anything(),
    });
  });

  it('is linked with those of the messages that were stored in the same group', async () => {
    const { ada, channel } = await arrange(await start());
    const socket = await ada.flat('ext=ack');
    const count = 50;
    for (let index = 0; index < count; index++) socket.send({ conversation_id: channel, content: `${index}` });
    await socket.take(count);
    const spans = await collector.until((spans) => spans.filter(isNamed('commit')).length === count);
    const commits = spans.filter(isNamed('commit'));
    const groups = commits.filter(({ links = [] }) => links.length > 1);
    expect(groups).not.toEqual([]);
    for (const group of groups) {
      const others = commits.filter(({ spanId }) => group.links!.some((link) => link.spanId === spanId));
      expect(others).toHaveLength(group.links!.length);
      for (const other of others) {
        expect(other.links).toMatchObject([{ traceId: group.traceId, spanId: group.spanId }]);
      }
      expect(Number(valuesIn(group.attributes)['parlance.commit.messages'])).toBe(others.length + 1);
    }
  });
});

describe('traces', { timeout: 60_000 }, () => {
  it('are off where no collector is named: nobody follows', async () => {
    const server = await startServer();
    onTestFinished(() => server.close());
    expect(server.app.get(Tracer, { strict: false })).toBeUndefined();
  });

  it('are as many as the sampler says', async () => {
    vi.stubEnv('OTEL_TRACES_SAMPLER', 'always_off');
    const server = await startServer({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    const { ada, channel } = await arrange(server);
    await ada.rest.post('/messages', { channel_id: channel, content: TEXT });
    await server.close(); // which sends what there is
    expect(collector.spans).toEqual([]);
  });

  it('are sent to the last one when the server is told to stop', async () => {
    const settings = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '600000' };
    const server = await spawnServer(settings, await temporaryDirectory());
    const ada = await Person.register(server);
    await ada.rest.post('/channels', { slug: 'traced' });
    await ada.rest.post('/messages', { channel_id: 'traced', content: TEXT });
    expect(collector.spans).toEqual([]);
    expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(collector.spans.map(({ name }) => name)).toContain('POST /api/v1/messages');
  });

  it('do not keep a server from its work, nor from its stop, when nobody takes them', async () => {
    const settings = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_BSP_SCHEDULE_DELAY: '50' };
    const server = await spawnServer(settings, await temporaryDirectory());
    const ada = await Person.register(server);
    await ada.rest.post('/channels', { slug: 'traced' });
    const { status } = await ada.rest.post('/messages', { channel_id: 'traced', content: TEXT });
    expect(status).toBe(201);
    expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  });
});
