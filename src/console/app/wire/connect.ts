import { SocketIoWire } from './socketio.wire.js';
import { WebSocketWire } from './websocket.wire.js';
import type { Address, Wire, WireListener } from './wire.js';

/** Connects in the way of the dialect: `socketio` is a protocol of its own, the others are JSON texts on a WebSocket. */
export function connect(address: Address, listener: WireListener): Wire {
  return address.dialect === 'socketio' ? new SocketIoWire(address, listener) : new WebSocketWire(address, listener);
}
