import request, { type Response, type Test } from 'supertest';
import type { EventSessionBody } from '../check-ins/event-session.presenter.js';
import type { ConversationBody } from '../conversations/conversation.presenter.js';
import type { MessageBody } from '../messages/message.presenter.js';
import type { PetBody } from '../pets/pet.presenter.js';

/** The REST API as one user calls it; with what tests make by it, each by one call. */
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
    const request = { kind, participant_ids: others.map(({ id }) => id) };
    return (await this.make<ConversationBody>('/conversations', request)).id;
  }

  /** Makes a channel, of which one is then a participant. */
  channel(slug: string): Promise<ConversationBody> {
    return this.make('/channels', { slug });
  }

  /** Says which pet one has; for the role `client`. */
  pet(name = 'Rex'): Promise<PetBody> {
    return this.make('/pets', { name });
  }

  /** Makes an event session, to which people check in; for the roles `host` and `admin`. */
  session(title = 'Open day'): Promise<EventSessionBody> {
    return this.make('/sessions', { title });
  }

  /** Sends a message. @returns it, as REST shows it */
  say(conversation: string, content: string): Promise<MessageBody> {
    return this.make(`/conversations/${conversation}/messages`, { content });
  }

  private async make<Body>(path: string, body: object): Promise<Body> {
    return created(await this.post(path, body)) as Body;
  }

  private prepare(test: Test): Test {
    return test.set(this.headers);
  }
}

function created({ status, body }: Response): unknown {
  if (status !== 201 && status !== 200) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return body;
}
