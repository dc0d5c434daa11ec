import { Parser } from '@asyncapi/parser';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { MESSAGE_METADATA } from '@nestjs/websockets/constants.js';
import { Ajv } from 'ajv';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dialect } from '../../src/dialects/dialect.js';
import { descriptionOf } from '../../src/dialects/frame.js';
import { tribe } from '../../src/dialects/tribe/tribe.presenter.js';
import { DIALECT } from '../../src/realtime/dialect-gateway.js';
import { FrameSchemas, withFormats } from '../../src/testing/published.js';
import { startServer, type TestServer } from '../../src/testing/application.js';

interface AsyncApiDocument {
  info: { title: string; version: string };
  channels: Record<string, { address: string }>;
  operations: Record<string, { action: string; security?: { $ref: string }[] }>;
  components: {
    messages: Record<string, { summary: string; payload: { $ref: string }; examples: { payload: object }[] }>;
  };
}

/** Of the parser's severities; 0 is an error, 1 a warning. */
const ADVICE: readonly number[] = [2, 3];

describe('The AsyncAPI documents', () => {
  let server: TestServer;
  let whole: AsyncApiDocument;

  beforeAll(async () => {
    server = await startServer();
    whole = await read('/docs/asyncapi.json');
  });
  afterAll(() => server.close());

  async function read(path: string): Promise<AsyncApiDocument> {
    const { body } = await request(server.url)
      .get(path)
      .expect(200)
      .expect('content-type', /^application\/json/);
    return body as AsyncApiDocument;
  }

  const dialects = (): string[] => Object.keys(whole.channels);

  it('are valid, that of all dialects and that of each', async () => {
    expect(dialects().toSorted()).toEqual(['channels', 'dashboard', 'flat', 'pets', 'socketio', 'tribe']);
    const parts = await Promise.all(dialects().map((dialect) => read(`/docs/asyncapi/${dialect}.json`)));
    for (const document of [whole, ...parts]) {
      const { diagnostics } = await new Parser().parse(JSON.stringify(document));
      expect(diagnostics.filter(({ severity }) => !ADVICE.includes(severity))).toEqual([]);
      expect(document.info).toMatchObject({ title: 'Parlance', version: expect.stringMatching(/^\d+\.\d+\.\d+/) });
    }
    expect(parts.map(({ channels }) => Object.keys(channels))).toEqual(dialects().map((dialect) => [dialect]));
  });

  it('say where clients connect, and by what they sign in', () => {
    expect(whole.channels['dashboard']).toMatchObject({ address: '/ws/dashboard/{sessionID}' });
    const schemes = (operation: string): string[] | undefined =>
      whole.operations[operation]!.security?.map(({ $ref }) => $ref.split('/').at(-1)!);
    expect(schemes('flat.send')).toEqual(['bearer', 'token', 'subprotocol']);
    expect(schemes('channels.send')).toContain('userEmail');
    expect(schemes('socketio.send')).toContain('auth');
    expect(schemes('dashboard.send')).toBeUndefined();
  });

  it('have an example of each frame, which its schema allows', () => {
    const ajv = withFormats(new Ajv({ strict: false, allErrors: true }));
    ajv.addSchema({ ...whole, $id: 'document' });
    for (const [key, { payload, examples, summary }] of Object.entries(whole.components.messages)) {
      const validate = ajv.compile({ $ref: `document${payload.$ref}` });
      for (const example of examples) {
        expect(validate(example.payload), `${key}: ${ajv.errorsText(validate.errors)}`).toBe(true);
      }
      expect(summary, key).toMatch(/\.$/);
    }
  });

  it('have every frame that a gateway handles, and no other', () => {
    const methods = new MetadataScanner();
    for (const { metatype } of server.app.get(DiscoveryService, { strict: false }).getProviders()) {
      const dialect = metatype ? (Reflect.getMetadata(DIALECT, metatype) as Dialect | undefined) : undefined;
      if (!dialect) continue;
      const prototype = metatype!.prototype as Record<string, object>;
      const handled = methods
        .getAllMethodNames(prototype)
        .map((name) => Reflect.getMetadata(MESSAGE_METADATA, prototype[name]!) as string | undefined)
        .filter((event) => event !== undefined);
      expect(Object.keys(dialect.frames.in).toSorted(), dialect.name).toEqual(handled.toSorted());
    }
  });

  it('are not there for what is no dialect', async () => {
    await request(server.url).get('/docs/asyncapi/nothing.json').expect(404);
  });
});

describe('A frame that the documents do not allow', () => {
  const subscribed = { event: 'subscribed', conversation_id: '0198c5a0-7b1e-7000-8000-00000000c0de' };
  const problemOf = (frame: object, extensions = ''): string | undefined =>
    FrameSchemas.of(tribe, extensions).problemOf(frame);

  it.each([
    ['has a key that they do not have', { ...subscribed, channel: 'conversation' }, 'channel'],
    ['lacks a key', { event: 'subscribed' }, 'conversation_id'],
    ['has a key of another type', { ...subscribed, conversation_id: 'general' }, 'uuid'],
    ['has a name that they do not have', { event: 'welcome' }, 'event'],
    ['has the key of an extension that was not asked for', { ...subscribed, offset: 1, recovered: true }, 'offset'],
  ])('%s', (_, frame, why) => {
    expect(problemOf(subscribed)).toBeUndefined();
    expect(problemOf(frame)).toContain(why);
  });

  it('may be one that an extension has, for those who asked for it', () => {
    expect(problemOf({ ...subscribed, offset: 1, recovered: true }, 'ack,resume')).toBeUndefined();
    const { example } = descriptionOf(tribe.frames.out['message.deleted']!);
    expect(problemOf(example, 'edits')).toBeUndefined();
    expect(problemOf(example, 'resume')).toContain('event');
  });
});
