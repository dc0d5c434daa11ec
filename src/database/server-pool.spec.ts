import { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ServerPool } from './server-pool.js';

/** A connection of a pool, as the driver has it, whose socket has been still for long. */
function stillConnection(readyForQuery: boolean): { client: { readyForQuery: boolean }; stream: Socket } {
  const pool = new ServerPool({ connectionString: 'postgres://127.0.0.1:1/none' });
  const stream = new Socket();
  stream.on('error', () => {});
  const client = { connection: { stream }, readyForQuery };
  pool.emit('connect', client);
  return { client, stream };
}

describe('a connection on which nothing was heard for long', () => {
  it('is destroyed when it owes an answer', async () => {
    const { stream } = stillConnection(false);
    stream.emit('timeout');
    await nextTurn();
    expect(stream.destroyed).toBe(true);
  });

  it('stays when it owes none', async () => {
    const { stream } = stillConnection(true);
    stream.emit('timeout');
    await nextTurn();
    expect(stream.destroyed).toBe(false);
  });

  it('stays when it is asked something in just that moment', async () => {
    const { client, stream } = stillConnection(true);
    stream.emit('timeout');
    client.readyForQuery = false;
    await nextTurn();
    expect(stream.destroyed).toBe(false);
  });

  it('stays when the answer comes in just that moment', async () => {
    const { client, stream } = stillConnection(false);
    stream.emit('timeout');
    client.readyForQuery = true;
    await nextTurn();
    expect(stream.destroyed).toBe(false);
  });
});
