import { once } from 'node:events';
import { connect, type Socket as TcpSocket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Person } from '../../src/testing/person.js';
import { type SpawnedServer, spawnServer } from '../support/spawned-server.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const start = async (settings: Record<string, string> = {}) => spawnServer(settings, await temporaryDirectory());

/** A request whose body does not end, so that the server has something to finish. */
async function unfinishedRequest(server: SpawnedServer): Promise<TcpSocket> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1').on('error', () => {});
  onTestFinished(() => void socket.destroy());
  const request =
    'POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n';
  socket.write(`${request}Expect: 100-continue\r\n\r\n`);
  await once(socket, 'data'); // told to continue: the server has begun
  return socket;
}

describe('the signal to stop', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('%s ends a server in order', async (signal) => {
    const server = await start();
    expect(await server.kill(signal)).toEqual({ code: 0, signal: null });
    expect(server.stderr()).toBe('');
  });

  it('lets a request that has begun be answered', async () => {
    const server = await start();
    const socket = await unfinishedRequest(server);
    server.child.kill('SIGTERM');
    await connectionsRefused(server);
    socket.write('{"a":"b"}');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 400 Bad Request/);
    expect(await server.exited).toEqual({ code: 0, signal: null });
  });

  it('tells sockets to come back', async () => {
    const server = await start();
    const ada = await Person.register(server);
    const socket = await ada.flat();
    expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(await socket.closed).toMatchObject({ code: 1012 });
  });

  it('waits no longer than the grace', async () => {
    const server = await start({ SHUTDOWN_GRACE: '300ms' });
    await unfinishedRequest(server);
    expect(await server.kill('SIGTERM')).toEqual({ code: 1, signal: null });
  });

  it('given twice waits for nothing', async () => {
    const server = await start({ SHUTDOWN_GRACE: '1h' });
    await unfinishedRequest(server);
    server.child.kill('SIGTERM');
    await connectionsRefused(server);
    expect(await server.kill('SIGTERM')).toEqual({ code: 1, signal: null });
  });
});

/** When the server takes no new connection any more. */
async function connectionsRefused(server: SpawnedServer): Promise<void> {
  const isTaken = await fetch(server.url, { method: 'HEAD' }).then(
    () => true,
    () => false,
  );
  if (isTaken) await connectionsRefused(server);
}
