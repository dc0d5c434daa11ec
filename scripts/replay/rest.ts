import type { Json } from '../record/recording.js';

/** Milliseconds until a call is given up. */
const PATIENCE = 15_000;

export interface Answer {
  readonly status: number;
  readonly body: Json | undefined;
}

/** Calls the REST API. `path` begins with a slash. @throws where there is no answer */
export async function call(
  url: string,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body?: Json,
): Promise<Answer> {
  const asked = fetch(url + path, {
    method,
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    signal: AbortSignal.timeout(PATIENCE),
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const response = await asked.catch((error: Error & { cause?: Error }) => {
    throw new Error(`${url} does not answer: ${error.cause?.message ?? error.message}`, { cause: error });
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : jsonOr(text) };
}

function jsonOr(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
