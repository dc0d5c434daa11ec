import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { readHandshake, selectSubprotocol } from './handshake.js';

function request(url: string, headers: Record<string, string> = {}): IncomingMessage {
  const headersDistinct = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
  return { url, headers, headersDistinct, socket: { remoteAddress: '127.0.0.1' } } as unknown as IncomingMessage;
}

describe('readHandshake', () => {
  it.each([
    ['the header', '/ws?token=q', { authorization: 'Bearer h', 'sec-websocket-protocol': 'parlance, bearer.s' }, 'h'],
    ['the query', '/ws?token=q&access_token=a', { 'sec-websocket-protocol': 'parlance, bearer.s' }, 'q'],
    ['the query’s other name', '/ws?access_token=a', {}, 'a'],
    ['the subprotocol', '/ws', { 'sec-websocket-protocol': 'parlance.flat, bearer.s' }, 's'],
    ['nowhere', '/ws', { authorization: 'Basic abc' }, undefined],
  ])('finds the token in %s first', (_, url, headers, bearer) => {
    expect(readHandshake(request(url, headers))?.credentials.bearer).toBe(bearer);
  });

  it('keeps no token in the query', () => {
    expect(readHandshake(request('/ws?token=q&access_token=a'))?.query.toString()).toBe('');
    const { query } = readHandshake(request('/ws?channel_id=a%20b&token=q&ext=ack&channel_id=c'))!;
    expect([...query]).toEqual([
      ['channel_id', 'a b'],
      ['ext', 'ack'],
      ['channel_id', 'c'],
    ]);
  });

  it('takes the dialect from the subprotocol, and from the query after it', () => {
    const headers = { 'sec-websocket-protocol': 'bearer.s, parlance, parlance.tribe' };
    expect(readHandshake(request('/ws?dialect=flat', headers))?.dialect).toBe('tribe');
    expect(readHandshake(request('/ws?dialect=flat'))?.dialect).toBe('flat');
    expect(readHandshake(request('/ws', { 'sec-websocket-protocol': 'parlance' }))?.dialect).toBeUndefined();
  });

  it('takes the extensions that it knows', () => {
    const extensions = readHandshake(request('/ws?ext=ack,%20edits,telepathy'))?.extensions;
    expect(extensions).toEqual({ ack: true, edits: true, resume: false });
  });

  it.each(['/%', '/%E0%A4%A', '*', 'http://elsewhere/ws'])('does not read %s', (url) => {
    expect(readHandshake(request(url))).toBeUndefined();
  });
});

describe('selectSubprotocol', () => {
  it.each([
    [['parlance', 'bearer.x'], 'parlance'],
    [['bearer.x', 'parlance.tribe', 'parlance'], 'parlance.tribe'],
    [['bearer.x'], undefined],
    [['graphql-ws'], undefined],
  ])('of %j selects %s', (offered, selected) => {
    expect(selectSubprotocol(offered)).toBe(selected);
  });
});
