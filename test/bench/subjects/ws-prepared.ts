import type { Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import { Groups, seatOf, tellReady } from './ready.js';
import { serverFrame } from './server-frame.js';

/** `ws` for what comes in; what goes out is made once, and written to the sockets below. */
const groups = new Groups<Socket>();
const server = new WebSocketServer({ host: '0.0.0.0', port: 0, perMessageDeflate: false });
server.on('connection', (websocket, request) => {
  const { socket } = request;
  const group = groups.join(seatOf(request).group, socket);
  websocket.on('close', () => group.delete(socket)).on('error', () => {});
  websocket.on('message', (data) => {
    const frame = serverFrame(data as Buffer);
    for (const other of group) if (other !== socket) other.write(frame);
  });
});
server.on('listening', () => tellReady(server));
