import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { seatOf, tellReady } from './ready.js';

/** Socket.IO, as its documentation has it: a room, and a broadcast to the others in it. */
const http = createServer();
const io = new Server(http, { perMessageDeflate: false });
io.on('connection', (socket) => {
  const { group } = seatOf(socket.request);
  void socket.join(group);
  socket.on('message', (message: object) => socket.to(group).emit('new_message', message));
});
http.listen(0, '0.0.0.0', () => tellReady(http));
