import { type WebSocket, WebSocketServer } from 'ws';
import { Groups, leaveOnClose, seatOf, tellReady } from './ready.js';

/** Bare `ws`, as its documentation has it: what one sends, the server sends to each of the others. At `/echo`, back. */
const groups = new Groups<WebSocket>();
const server = new WebSocketServer({ host: '0.0.0.0', port: 0, perMessageDeflate: false });
server.on('connection', (socket, request) => {
  if (request.url === '/echo') {
    socket.on('message', (data) => socket.send((data as Buffer).toString())).on('error', () => {});
    return;
  }
  const group = groups.join(seatOf(request).group, socket);
  leaveOnClose(group, socket);
  socket.on('message', (data) => {
    const text = (data as Buffer).toString();
    for (const other of group) if (other !== socket) other.send(text);
  });
});
server.on('listening', () => tellReady(server));
