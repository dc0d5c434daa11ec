const API = '/api/v1';
const KEY = 'parlance.session';

/** Milliseconds before its end when an access token is no longer used for a request, or for a connection. */
const REQUEST_MARGIN = 30_000;
const CONNECTION_MARGIN = 300_000;

/** An answer that was not what was asked for, in the server's words. */
export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/**
 * Who is signed in, kept for this tab only, where the console keeps it too, and the REST calls made as them. The access
 * token is renewed before it ends and when the server refuses it.
 */
export class Session {
  #renewal;
  /** Tabs that the browser made copies of this one have the same login, whose refresh token is good for one of them. */
  #copies = new BroadcastChannel(KEY);

  constructor() {
    this.#copies.addEventListener('message', ({ data: { spent, login } }) => {
      if (this.#login?.refresh_token === spent) this.#store(login);
    });
  }

  /** As the tab has it: another page in it may have renewed the tokens before one came back to this one. */
  get #login() {
    return JSON.parse(sessionStorage.getItem(KEY));
  }

  /** The user, or nothing when nobody is signed in. */
  get user() {
    return this.#login?.user;
  }

  async signIn(fields) {
    this.#keep(await call('POST', '/auth/login', fields));
  }

  /** Calls a REST route as the user. @throws ApiError */
  async request(method, path, body) {
    const token = await this.#token(REQUEST_MARGIN);
    try {
      return await call(method, path, body, token);
    } catch (error) {
      if (error.status !== 401 || !this.#login) throw error;
    }
    await this.#renew();
    return call(method, path, body, this.#login.access_token);
  }

  /** A token with time enough left to hold a connection open with. */
  connectionToken() {
    return this.#token(CONNECTION_MARGIN);
  }

  async #token(margin) {
    if (!this.#login) throw new ApiError(401, 'Sign in first.');
    if (this.#login.endsAt - Date.now() < margin) await this.#renew();
    return this.#login.access_token;
  }

  /** Once for all who ask at the same time: a refresh token is good for one use. */
  #renew() {
    this.#renewal ??= this.#exchange().finally(() => (this.#renewal = undefined));
    return this.#renewal;
  }

  async #exchange() {
    try {
      const { refresh_token } = this.#login;
      this.#keep({ user: this.user, ...(await call('POST', '/auth/refresh', { refresh_token })) });
      this.#copies.postMessage({ spent: refresh_token, login: this.#login });
    } catch (error) {
      if (error.status !== 401) throw error;
      this.#end();
      throw new ApiError(401, 'Your login has ended. Sign in again.');
    }
  }

  #keep(login) {
    this.#store({ ...login, endsAt: Date.now() + login.expires_in * 1000 });
  }

  #store(login) {
    sessionStorage.setItem(KEY, JSON.stringify(login));
  }

  #end() {
    sessionStorage.removeItem(KEY);
  }
}

/** Calls a REST route, as nobody unless a token is given. @throws ApiError */
export async function call(method, path, body, token) {
  const request = { method, headers: {} };
  if (token) request.headers.authorization = `Bearer ${token}`;
  if (body) {
    request.headers['content-type'] = 'application/json';
    request.body = JSON.stringify(body);
  }
  const response = await fetch(API + path, request).catch(() => {
    throw new ApiError(0, 'The server cannot be reached.');
  });
  const answer = await response.json().catch(() => undefined);
  if (!response.ok) throw new ApiError(response.status, wordsOf(response, answer));
  return answer;
}

function wordsOf(response, answer) {
  const message = answer?.message ?? `The server answered ${response.status}.`;
  return Array.isArray(message) ? message.join('; ') : message;
}
