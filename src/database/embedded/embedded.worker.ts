import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { startPglite } from './start-pglite.js';
import { SessionTurns } from './wire-session.js';

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
const sockets = new Set<Socket>();

server.on('connection', (socket) => {
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
  turns.serve(socket);
});

async function close(): Promise<void> {
  server.close();
  // A session that ends still asks the database to forget what it prepared: all of them end before it does.
  await Promise.all(Array.from(sockets, (socket) => once(socket.destroy(), 'close')));
  await database.close();
  parentPort?.postMessage('closed');
}
parentPort?.once('message', () => void close());
parentPort?.postMessage('ready');
