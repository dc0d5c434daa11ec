import { connectErrorOf, SocketIoClient } from '../../../src/testing/socketio.js';
import { refusalOf, Socket, type SocketOptions, type SpokenDialect } from '../../../src/testing/socket.js';
import type { TestServer } from '../../../src/testing/application.js';

type Address = Pick<TestServer, 'url' | 'wsUrl'>;

/** What a client says of itself when it connects. */
export interface Introduction {
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string | string[]>>;
}

/** A place where live clients connect. */
export interface Door {
  readonly name: string;
  /** The status with which a client is refused; 101 for one that is let in. */
  readonly knock: (server: Address, introduction: Introduction) => Promise<number>;
}

/** Every place where clients of the raw dialects connect, and Socket.IO's by both of its transports. */
export const DOORS: readonly Door[] = [
  rawDoor('flat', '/ws'),
  rawDoor('pets', '/ws/'),
  rawDoor('tribe', '/api/v1/ws?dialect=tribe'),
  rawDoor('channels', '/api/v1/ws?dialect=channels'),
  socketIoDoor('websocket'),
  socketIoDoor('polling'),
];

function rawDoor(dialect: SpokenDialect, path: string): Door {
  return {
    name: dialect,
    async knock({ wsUrl }, { token, headers = {} }) {
      const options: SocketOptions = { headers: { ...headers, ...(token && { authorization: `Bearer ${token}` }) } };
      const outcome = await Socket.open(dialect, `${wsUrl}${path}`, options).catch(() => undefined);
      if (!outcome) return (await refusalOf(`${wsUrl}${path}`, options)).status;
      await outcome.close();
      return 101;
    },
  };
}

function socketIoDoor(transport: 'websocket' | 'polling'): Door {
  return {
    name: `socketio by ${transport}`,
    async knock({ url }, { token, headers = {} }) {
      const options = {
        transports: [transport],
        auth: { token },
        extraHeaders: headers as Record<string, string>,
      };
      const client = await SocketIoClient.open(url, options).catch(() => undefined);
      if (!client) return (await connectErrorOf(url, options)).data?.status ?? 0;
      await client.close();
      return 101;
    },
  };
}
