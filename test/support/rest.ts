import request, { type Response, type Test } from 'supertest';

/** The REST API as one user calls it. */
export class Rest {
  constructor(
    private readonly url: string,
    private readonly headers: Record<string, string>,
  ) {}

  get(path: string): Test {
    return this.prepare(request(this.url).get(`/api/v1${path}`));
  }

  post(path: string, body: object = {}): Test {
    return this.prepare(request(this.url).post(`/api/v1${path}`)).send(body);
  }

  patch(path: string, body: object): Test {
    return this.prepare(request(this.url).patch(`/api/v1${path}`)).send(body);
  }

  put(path: string, body: object): Test {
    return this.prepare(request(this.url).put(`/api/v1${path}`)).send(body);
  }

  delete(path: string): Test {
    return this.prepare(request(this.url).delete(`/api/v1${path}`));
  }

  /** Starts a direct conversation or, with more than one other, a group. @returns its id */
  async converse(...others: { id: string }[]): Promise<string> {
    const kind = others.length === 1 ? 'direct' : 'group';
    const answer = await this.post('/conversations', { kind, participant_ids: others.map(({ id }) => id) });
    return created(answer).id as string;
  }

  /** Sends a message. @returns it, as REST shows it */
  async say(conversation: string, content: string): Promise<Message> {
    return created(await this.post(`/conversations/${conversation}/messages`, { content })) as unknown as Message;
  }

  private prepare(test: Test): Test {
    return test.set(this.headers);
  }
}

/** A message, as REST shows it. */
export interface Message {
  id: string;
  number: number;
  conversation_id: string;
  seq: number;
  content: string;
  created_at: string;
}

function created({ status, body }: Response): Record<string, unknown> {
  if (status !== 201 && status !== 200) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return body as Record<string, unknown>;
}
