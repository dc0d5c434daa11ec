// A client in a process of its own, to be stopped as a whole: `node reader.mjs ADDRESS TOKEN`. It says when it is open and, when
// its connection has ended, with which code and after how many messages.
import { WebSocket } from 'ws';

const [address, token] = process.argv.slice(2);
const socket = new WebSocket(address, { headers: { authorization: `Bearer ${token}` } });
let messages = 0;
socket.on('message', () => messages++);
socket.on('open', () => process.stdout.write('open\n'));
socket.on('error', () => {}); // told by its close
socket.on('close', (code) => process.stdout.write(`closed ${code} ${messages}\n`));
