import type { Response } from 'supertest';
import type { SessionBody } from '../auth/auth.presenter.js';
import type { OwnUserBody } from '../users/users.presenter.js';
import type { TestServer } from './application.js';
import { Rest } from './rest.js';
import { Socket, type SocketOptions, type SpokenDialect } from './socket.js';
import { SocketIoClient, type SocketIoOptions } from './socketio.js';

/** What to register someone with; the e-mail address is one that no test has met. */
export interface PersonOptions {
  email?: string;
  username?: string;
  full_name?: string;
  /** One that may be chosen for oneself. */
  role?: string;
}

type Address = Pick<TestServer, 'url' | 'wsUrl'>;

/** Everyone's. */
export const PASSWORD = 'correct horse battery';
let people = 0;

/** A registered user with its clients, one for each dialect; `ext` and the like go into their `query`. */
export class Person {
  readonly rest: Rest;
  readonly id: string;
  readonly email: string;
  readonly username: string;
  readonly fullName: string;

  private constructor(
    private readonly server: Address,
    /** As `GET /auth/me` shows it. */
    readonly user: OwnUserBody,
    readonly token: string,
    readonly refreshToken: string,
  ) {
    this.rest = new Rest(server.url, { authorization: `Bearer ${token}` });
    ({ id: this.id, email: this.email, username: this.username, full_name: this.fullName } = user);
  }

  /** Registers someone whom no test has met. */
  static async register(server: Address, options: PersonOptions = {}): Promise<Person> {
    const email = `person${++people}-${process.pid}-${Date.now()}@example.com`;
    return Person.of(
      server,
      await new Rest(server.url, {}).post('/auth/register', { email, password: PASSWORD, ...options }),
    );
  }

  /** The same user, signed in once more; at another server of the same database, if one is given. */
  async login(server: Address = this.server): Promise<Person> {
    const answer = await new Rest(server.url, {}).post('/auth/login', { email: this.email, password: PASSWORD });
    return Person.of(server, answer);
  }

  private static of(server: Address, { status, body }: Response): Person {
    if (status >= 300) throw new Error(`${status}: ${JSON.stringify(body)}`);
    const { user, access_token: token, refresh_token: refreshToken } = body as SessionBody;
    return new Person(server, user, token, refreshToken);
  }

  /** Where its clients connect. */
  get url(): string {
    return this.server.url;
  }

  /** `/ws`, as `flat-and-dashboard.md` has it. */
  flat(query = '', options: SocketOptions = this.bearer): Promise<Socket> {
    return Socket.open('flat', `${this.server.wsUrl}/ws${query && `?${query}`}`, options);
  }

  /** `/api/v1/ws?token=…`, as `tribe.md` has it; its greeting is read. */
  async tribe(query = ''): Promise<Socket> {
    const socket = await Socket.open(
      'tribe',
      `${this.server.wsUrl}/api/v1/ws?token=${this.token}${query && `&${query}`}`,
    );
    await socket.next();
    return socket;
  }

  /** As {@link tribe}, subscribed to a conversation. */
  async tribeIn(conversationId: string, query = ''): Promise<Socket> {
    const socket = await this.tribe(query);
    socket.send({ event: 'subscribe', channel: 'conversation', conversation_id: conversationId });
    await socket.next();
    return socket;
  }

  /** `/ws/`, as `pets.md` has it. */
  pets(query = '', options: SocketOptions = this.bearer): Promise<Socket> {
    return Socket.open('pets', `${this.server.wsUrl}/ws/${query && `?${query}`}`, options);
  }

  /** `/api/v1/ws` with a `User-Email` header, as `channels.md` has it. */
  channels(query = ''): Promise<Socket> {
    const headers = { 'User-Email': this.email };
    return Socket.open('channels', `${this.server.wsUrl}/api/v1/ws${query && `?${query}`}`, { headers });
  }

  /** As {@link channels}, in a channel. */
  async channelsIn(channelId: string, query = ''): Promise<Socket> {
    const socket = await this.channels(`channel_id=${encodeURIComponent(channelId)}${query && `&${query}`}`);
    await socket.next();
    return socket;
  }

  /** `/socket.io`, as `socketio.md` has it. */
  socketio(options: SocketIoOptions = {}): Promise<SocketIoClient> {
    return SocketIoClient.open(this.url, { auth: { token: this.token }, ...options });
  }

  /** A dialect of another package, at its path. */
  speak(dialect: SpokenDialect, path: string, options: SocketOptions = {}): Promise<Socket> {
    const headers = { ...this.bearer.headers, ...options.headers };
    return Socket.open(dialect, `${this.server.wsUrl}${path}`, { ...options, headers });
  }

  private get bearer(): SocketOptions {
    return { headers: { authorization: `Bearer ${this.token}` } };
  }
}
