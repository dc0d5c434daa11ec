import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Person } from '../../src/testing/person.js';
import type { MessageBody } from '../../src/messages/message.presenter.js';
import { spawnServer, type SpawnedServer } from '../support/spawned-server.js';

const SENDERS = 6;
/** Acknowledgements after which the server is killed: it is then in the middle of many more. */
const ENOUGH = 200;

describe('a server with its embedded database that is killed while six connections send', () => {
  let dataDir: string;
  let server: SpawnedServer;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'parlance-kill-'));
    server = await start();
  });
  afterEach(async () => {
    await server.kill('SIGKILL');
    await rm(dataDir, { recursive: true, force: true });
  });

  const start = (): Promise<SpawnedServer> => spawnServer({ RATE_LIMITS: 'off' }, dataDir);

  it('has every acknowledged message once afterwards, and no gap between their numbers', async () => {
    const people = await Promise.all(Array.from({ length: SENDERS }, () => Person.register(server)));
    const group = await people[0]!.rest.converse(...people.slice(1));
    const acknowledged = new Map<string, string>();
    let reportEnough: () => void;
    const enough = new Promise<void>((resolve) => (reportEnough = resolve));
    await Promise.all(
      people.map(async (person, sender) => {
        const socket = await person.flat('ext=ack');
        const send = (index: number): void =>
          socket.send({
            conversation_id: group,
            content: `${sender}/${index}`,
            client_message_id: `${sender}/${index}`,
          });
        for (let index = 0; index < 20; index++) send(index);
        let next = 20;
        socket.raw.on('message', (data) => {
          const frame = JSON.parse((data as Buffer).toString()) as {
            event?: string;
            client_message_id: string;
            message: { id: string };
          };
          if (frame.event !== 'ack') return;
          acknowledged.set(frame.client_message_id, frame.message.id);
          send(next++);
          if (acknowledged.size >= ENOUGH) reportEnough();
        });
      }),
    );
    await enough;
    await server.kill('SIGKILL');

    server = await start();
    const reader = await people[0]!.login(server);
    const stored: MessageBody[] = [];
    for (let after = 0; ; after = stored.length) {
      const { body } = await reader.rest.get(`/conversations/${group}/messages?after=${after}&limit=100`).expect(200);
      const { data } = body as { data: MessageBody[] };
      if (data.length === 0) break;
      stored.push(...data);
    }
    expect(stored.map(({ seq }) => seq)).toEqual(stored.map((_, index) => index + 1));
    const ids = new Map(stored.map(({ content, id }) => [content, id]));
    expect(ids.size).toBe(stored.length);
    for (const [content, id] of acknowledged) expect(ids.get(content), content).toBe(id);
  });
});
