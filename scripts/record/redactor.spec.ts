import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Acquaintances } from './acquaintances.js';
import type { Setup } from './recording.js';
import { Redactor } from './redactor.js';

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2VjcmV0LXNpZ25hdHVyZQ';
const EMAIL = 'ann.archer+work@example.com';
const ANN = '0198c5a0-7b1e-7000-8000-0000000000a1';
const CONVERSATION = '0198c5a0-7b1e-7000-8000-0000000000c1';
const MESSAGE = '0198c5a0-7b1e-7000-8000-0000000000d1';

function redactor({ keepsTexts = false } = {}): { redactor: Redactor; setup: Setup[] } {
  const setup: Setup[] = [];
  const acquaintances = new Acquaintances((one) => setup.push(one));
  const ann = { id: ANN, number: 7, email: EMAIL, username: 'ann.archer', full_name: 'Ann Archer', role: 'member' };
  acquaintances.meetUser(ann);
  acquaintances.meetConversation({ id: CONVERSATION, number: 12, kind: 'group', creator: ann, members: [ann] });
  return { redactor: new Redactor(acquaintances, keepsTexts), setup };
}

describe('What a recording keeps of a frame', () => {
  it('names users and conversations, and says how to make them when it first does', () => {
    const { redactor: it, setup } = redactor();
    const frame = {
      event: 'message.new',
      conversation_id: CONVERSATION,
      data: { sender: { id: ANN, full_name: 'Ann Archer' } },
    };
    expect(it.json(frame, 'server')).toEqual({
      event: 'message.new',
      conversation_id: '<conversation 1>',
      data: { sender: { id: '<user 1>', full_name: '<user 1 full_name>' } },
    });
    expect(setup).toEqual([
      { setup: 'user', user: 1, role: 'member', full_name: true },
      { setup: 'conversation', conversation: 1, kind: 'group', creator: 1, members: [1] },
    ]);
  });

  it('has one placeholder for one id, and another for another', () => {
    const { redactor: it } = redactor();
    expect(it.json([MESSAGE, MESSAGE.toUpperCase(), MESSAGE.replace('d1', 'd2')], 'server')).toEqual([
      '<id 1>',
      '<id 1>',
      '<id 2>',
    ]);
  });

  it('tells the numbers of users, conversations and messages apart, also where they are written as text', () => {
    const { redactor: it } = redactor();
    expect(it.json({ id: 12, conversation_id: 12, sender_id: 12, userId: 7, conversationId: '12' }, 'server')).toEqual({
      id: '<number 1>',
      conversation_id: '<conversation 1 number>',
      sender_id: '<number 2>',
      userId: '<user 1 number>',
      conversationId: '<conversation 1 number as text>',
    });
  });

  it('keeps the numbers that count: offsets, pages, totals', () => {
    const frame = { since: 41, page: 0, limit: 20, total_count: 45, has_more: true, link: null };
    expect(redactor().redactor.json(frame, 'client')).toEqual(frame);
  });

  it('takes times for the same only where they are of the same thing', () => {
    const { redactor: it } = redactor();
    const at = '2026-11-21T10:00:00.000Z';
    const message = { id: MESSAGE, created_at: at };
    expect(it.json({ timestamp: at, data: message, again: message, ms: 1_795_284_098_994 }, 'server')).toMatchObject({
      timestamp: '<time 1>',
      data: { created_at: '<time 2>' },
      again: { created_at: '<time 2>' },
      ms: '<ms 3>',
    });
  });

  it('replaces what people write, with its length, under whatever key', () => {
    const { redactor: it } = redactor();
    expect(
      it.json({ event: 'message', content: 'See you at nine', note: { deep: ['See you at nine', 'Hi 👋'] } }, 'client'),
    ).toEqual({
      event: 'message',
      content: '<text 1 of 15>',
      note: { deep: ['<text 1 of 15>', '<text 2 of 4>'] },
    });
  });

  it('keeps what people write when it is asked to, but no address, token, name or number of theirs', () => {
    const { redactor: it } = redactor({ keepsTexts: true });
    const text = `Ann Archer (${EMAIL}, or ann%40home.example, +44 20 7946 0958) has ${JWT}; see you at nine`;
    expect(it.json({ content: text }, 'client')).toEqual({
      content: '<user 1 full_name> (<user 1 email>, or <email 1>, +<token 2>) has <token 1>; see you at nine',
    });
  });

  it('keeps no name, picture or address of someone unknown either', () => {
    const sender = {
      username: 'Zoe',
      full_name: 'Zoe Z',
      profile_image_url: 'https://example.com/zoe.png',
      user_email: 'z@example.com',
    };
    const said = redactor({ keepsTexts: true }).redactor.json({ sender, content: 'Hello' }, 'server');
    expect(said).toEqual({ sender: expect.objectContaining({ username: '<text 1 of 3>' }), content: 'Hello' });
    expect(JSON.stringify(said)).not.toMatch(/zoe|z@/i);
  });

  it('keeps the words of a server that refuses a frame, without what they repeat of it', () => {
    const { redactor: it } = redactor();
    expect(it.json({ event: 'error', message: 'Conversation not found' }, 'server')).toEqual({
      event: 'error',
      message: 'Conversation not found',
    });
    expect(it.json({ event: 'error', message: `Unknown event "dear "diary" of ${EMAIL}"` }, 'server')).toEqual({
      event: 'error',
      message: expect.stringMatching(/^Unknown event "<text 1 of \d+>"$/),
    });
    expect(it.json({ type: 'comment', title: 'On you', message: 'Conversation not found' }, 'server')).toMatchObject({
      title: '<text 2 of 6>',
      message: '<text 3 of 22>',
    });
  });

  it('takes a text that looks like a placeholder for a text', () => {
    const { redactor: it } = redactor({ keepsTexts: true });
    expect(it.json({ content: 'I am <user 1>' }, 'client')).toEqual({ content: '<text 1 of 13>' });
  });
});

describe('What a recording keeps of an address', () => {
  it('has no token, and placeholders for all that is not a word of a protocol', () => {
    const { redactor: it } = redactor();
    const query = new URLSearchParams(
      `token=${JWT}&access_token=x&ext=ack,resume&channel_id=12&who=ann%40home.example`,
    );
    expect(it.query(query)).toEqual({
      ext: 'ack,resume',
      channel_id: '<conversation 1 number as text>',
      who: '<text 1 of 16>',
    });
    expect(it.path(`/api/v1/conversations/${CONVERSATION}/participants/${ANN}`)).toBe(
      '/api/v1/conversations/<conversation 1>/participants/<user 1>',
    );
    expect(it.path(`/api/v1/users/${encodeURIComponent(EMAIL)}`)).toBe('/api/v1/users/<user 1 email>');
    expect(it.path('/ws/ann%2540home.example')).toBe('/ws/<text 2 of 18>');
    expect(it.path('/ws/%E0%A4%A')).toBe('/ws/<text 3 of 8>');
  });

  it('has no subprotocol that carries a token, by whatever convention', () => {
    expect(redactor().redactor.protocols(['parlance.tribe', `bearer.${JWT}`, 'access_token', JWT])).toEqual([
      'parlance.tribe',
      '<text 1 of 12>',
      expect.stringMatching(/^<text 2 of \d+>$/),
    ]);
  });
});

describe('No secret gets into a recording', () => {
  const secret = fc.constantFrom(
    JWT,
    `Bearer ${JWT}`,
    EMAIL,
    'ann%40home.example',
    'correct horse battery',
    'pass: h8!x',
    ANN,
    '+44 20 7946 0958',
  );
  /** JSON of any shape, with secrets as values and keys, at any depth, alone and within others. */
  const json = (...keys: string[]): fc.Arbitrary<unknown> =>
    fc.letrec((tie) => ({
      value: fc.oneof({ depthSize: 'small' }, tie('leaf'), tie('list'), tie('object')),
      leaf: fc.oneof(
        secret,
        fc.tuple(fc.string(), secret, fc.string()).map((parts) => parts.join(' ')),
        fc.string(),
        fc.integer(),
      ),
      list: fc.array(tie('value'), { maxLength: 4 }),
      object: fc.dictionary(fc.oneof(fc.constantFrom(...keys), fc.string(), secret), tie('value'), { maxKeys: 5 }),
    })).value;
  const places = ['event', 'type', 'params', 'id', 'slug', 'status', 'title', 'conversation_id', 'user_id', 'username'];
  const fromClient = json(...places, 'message', 'error');
  const fromServer = json(...places); // what it says in a `message` of its own is kept, but for addresses and tokens
  const leaks = (written: string): string[] =>
    [JWT, EMAIL, 'ann%40home', 'ann@home', 'correct horse', 'h8!x', ANN, '7946'].filter((text) =>
      written.includes(text),
    );

  it('wherever in its JSON a client puts it', () => {
    fc.assert(
      fc.property(fromClient, (said) => {
        expect(leaks(JSON.stringify(redactor().redactor.json(said, 'client')))).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('wherever in its JSON a server puts it', () => {
    fc.assert(
      fc.property(fromServer, (said) => {
        expect(leaks(JSON.stringify(redactor().redactor.json(said, 'server')))).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('in an event of Socket.IO, or in what is not JSON', () => {
    fc.assert(
      fc.property(fc.array(fromClient, { minLength: 1, maxLength: 4 }), (event) => {
        const { redactor: it } = redactor();
        expect(leaks(JSON.stringify(it.event(event, 'client')))).toEqual([]);
        expect(leaks(it.plain(JSON.stringify(event)))).toEqual([]);
      }),
    );
  });
});
