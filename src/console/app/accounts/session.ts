import { ApiError, call, type Method } from '../api/client.js';
import type { Tokens, User } from '../api/types.js';

/** Milliseconds before its end when an access token is no longer used for a request, or for a connection. */
const REQUEST_MARGIN = 30_000;
const CONNECTION_MARGIN = 300_000;

/** Tokens with their user and the time at which the access token ends, in epoch milliseconds. */
export interface Login extends Tokens {
  readonly user: User;
  readonly endsAt: number;
}

/** Who is told when a login has changed, or is none any more. */
export interface Keeper {
  renewed(session: Session, spent: string): void;
  ended(session: Session): void;
}

/** One user who is signed in, and the REST calls made as them. The access token is renewed before it ends or when refused. */
export class Session {
  #login: Login;
  #renewal: Promise<void> | undefined;
  #hasEnded = false;

  constructor(
    login: Login,
    private readonly keeper: Keeper,
  ) {
    this.#login = login;
  }

  static begun(answer: Tokens & { user: User }): Login {
    return { ...answer, endsAt: Date.now() + answer.expires_in * 1000 };
  }

  get login(): Login {
    return this.#login;
  }

  get user(): User {
    return this.#login.user;
  }

  get name(): string {
    return this.user.full_name || this.user.username;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Another page of this login has renewed it. */
  take(login: Login): void {
    this.#login = login;
  }

  /** Calls a REST route as the user. @throws ApiError */
  async request<T>(method: Method, path: string, body?: object): Promise<T> {
    const token = await this.#token(REQUEST_MARGIN);
    try {
      return await call<T>(method, path, body, token);
    } catch (error) {
      if (!isStatus(error, 401)) throw error;
    }
    await this.#renew();
    return call<T>(method, path, body, this.#login.access_token);
  }

  /** A token with time enough left to hold a connection open with. @throws ApiError */
  connectionToken(): Promise<string> {
    return this.#token(CONNECTION_MARGIN);
  }

  /** Finds out whether the login has ended elsewhere. */
  async check(): Promise<void> {
    await this.request('GET', '/auth/me').catch(() => {});
  }

  /** Ends the login here even where the server could not be told. */
  async signOut(): Promise<void> {
    await this.request('POST', '/auth/logout').catch(() => {});
    this.#end();
  }

  async #token(margin: number): Promise<string> {
    if (this.#hasEnded) throw new ApiError(401, 'Sign in first.');
    if (this.#login.endsAt - Date.now() < margin) await this.#renew();
    return this.#login.access_token;
  }

  /** Once for all who ask at the same time: a refresh token is good for one use. */
  #renew(): Promise<void> {
    this.#renewal ??= this.#exchange().finally(() => (this.#renewal = undefined));
    return this.#renewal;
  }

  async #exchange(): Promise<void> {
    const { refresh_token: spent, user } = this.#login;
    try {
      const answer = await call<Tokens>('POST', '/auth/refresh', { refresh_token: spent });
      this.#login = Session.begun({ user, ...answer });
    } catch (error) {
      if (!isStatus(error, 401)) throw error;
      this.#end();
      throw new ApiError(401, 'The login has ended. Sign in again.');
    }
    this.keeper.renewed(this, spent);
  }

  #end(): void {
    this.#hasEnded = true;
    this.keeper.ended(this);
  }
}

function isStatus(error: unknown, status: number): boolean {
  return error instanceof ApiError && error.status === status;
}
