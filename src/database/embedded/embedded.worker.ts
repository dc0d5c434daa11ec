import { chmodSync } from 'node:fs';
import { createServer } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { startPglite } from './start-pglite.js';
import { SessionTurns, WireSession } from './wire-session.js';

/** What the thread is told: where the files lie and where to listen. */
export interface EmbeddedWorkerData {
  directory: string;
  socketPath: string;
}

const { directory, socketPath } = workerData as EmbeddedWorkerData;

// The socket is bound before the files are opened: it is also the lock that keeps a second process out.
const server = createServer();
await new Promise<void>((resolve, reject) => {
  server.once('error', reject);
  server.listen(socketPath, resolve);
});
chmodSync(socketPath, 0o600);

const database = await startPglite(directory);
const turns = new SessionTurns(database);
const sockets = new Set<{ destroy(): void }>();

server.on('connection', (socket) => {
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
  new WireSession(socket, turns);
});

parentPort?.once('message', async () => {
  server.close();
  for (const socket of sockets) socket.destroy();
  await database.close();
  parentPort?.postMessage('closed');
});
parentPort?.postMessage('ready');
