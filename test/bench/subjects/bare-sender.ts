import type { Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import { tellReady } from './ready.js';
import { serverFrame } from './server-frame.js';

/**
 * Nothing but frames, as fast as the system takes them: what the generator is measured against. A client asks for so many;
 * they are written joined by `joined` each.
 */
const FRAME = serverFrame('.'.repeat(250));

const server = new WebSocketServer({ host: '0.0.0.0', port: 0, perMessageDeflate: false });
server.on('connection', (websocket, { socket }) => {
  websocket.on('error', () => {});
  websocket.on('message', (data) => {
    const { count, joined } = JSON.parse((data as Buffer).toString()) as { count: number; joined: number };
    pour(socket, Buffer.concat(Array.from({ length: joined }, () => FRAME)), count / joined);
  });
});
server.on('listening', () => tellReady(server));

/** Takes a turn for each write, so that all clients are served alike. */
function pour(socket: Socket, frames: Buffer, times: number): void {
  if (times === 0 || socket.destroyed) return;
  const next = (): void => pour(socket, frames, times - 1);
  if (socket.write(frames)) setImmediate(next);
  else socket.once('drain', next);
}
