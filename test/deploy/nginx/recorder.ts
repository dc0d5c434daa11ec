import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';

/** A request as it came, with each header as often as it was sent. */
export interface Recorded {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** What stands where a node would, and only writes down what it is asked. */
export interface Recorder {
  /** `host:port` */
  readonly address: string;
  readonly requests: readonly Recorded[];
}

export type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;

/** Breaks off without an answer, once the request has been read. */
export const breakOff: Behaviour = (request) => void request.socket.destroy();

/** Starts one for the length of a test. A wish for a websocket is recorded and refused. */
export async function record(answer: Behaviour = (_, response) => void response.end('{}')): Promise<Recorder> {
  const requests: Recorded[] = [];
  const note = ({ method = '', url = '', rawHeaders }: IncomingMessage): void => {
    const headers = rawHeaders.flatMap((name, at) =>
      at % 2 === 0 ? [[name.toLowerCase(), rawHeaders[at + 1] ?? ''] as const] : [],
    );
    requests.push({ method, url, headers });
  };
  const server = createServer((request, response) => {
    note(request);
    request.resume().on('end', () => answer(request, response));
  });
  server.on('upgrade', (request: IncomingMessage) => {
    note(request);
    request.socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { address: `127.0.0.1:${(server.address() as { port: number }).port}`, requests };
}
