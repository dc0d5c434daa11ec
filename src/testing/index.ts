// What a test suite may use, with any test runner: docs/testing.md shows how.
export { registerAdmin } from './admin.js';
export { type Faults, type ServerOptions, startServer, type TestServer } from './application.js';
export { Client } from './client.js';
export type { ClientAdapter, Heard, Named } from './conformance/adapter.js';
export { ADAPTERS } from './conformance/adapters.js';
export { type Check, CONFORMANCE_SETTINGS, conformanceOf } from './conformance/checks.js';
export { createDatabase, type OwnDatabase } from './database.js';
export { Line, type Passage } from './line.js';
export type { Expected } from './matching.js';
export { PASSWORD, Person, type PersonOptions } from './person.js';
export { assertPublished } from './published.js';
export { Rest } from './rest.js';
export { type Closed, type Frame, type Refusal, refusalOf, Socket, type SocketOptions } from './socket.js';
export { type Answer, connectErrorOf, type Emitted, SocketIoClient, type SocketIoOptions } from './socketio.js';
