const API = '/api/v1';

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** An answer that was not what was asked for, in the server's words. `status` is 0 where there was no answer. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Calls a REST route, as nobody unless a token is given. @throws ApiError */
export async function call<T>(method: Method, path: string, body?: object, token?: string): Promise<T> {
  const response = await fetch(API + path, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body && { 'content-type': 'application/json' }),
    },
    body: body ? JSON.stringify(body) : null,
  }).catch(() => {
    throw new ApiError(0, 'The server cannot be reached.');
  });
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw new ApiError(response.status, wordsOf(response.status, answer));
  return answer as T;
}

function wordsOf(status: number, answer: unknown): string {
  const { message = `The server answered ${status}.` } = (answer ?? {}) as { message?: string | string[] };
  return Array.isArray(message) ? message.join('; ') : message;
}
