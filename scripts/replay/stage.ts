import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { conversation, other, user as userName } from '../record/placeholders.js';
import type { ConversationSetup, Json, Setup, UserSetup } from '../record/recording.js';
import type { Bindings } from './bindings.js';
import { call } from './rest.js';

/** A user of the replay, signed in. */
export interface Actor {
  readonly id: string;
  readonly email: string;
  readonly token: string;
}

/** Where a recording is played. */
export interface Target {
  /** `http://host:port` */
  readonly url: string;
  /** Signs in an administrator; where there is none, recordings with one cannot be played. */
  signInAdmin?(): Promise<{ readonly email: string; readonly password: string }>;
}

interface UserBody {
  readonly id: string;
  readonly number: number;
  readonly email: string;
  readonly username: string;
  readonly full_name: string;
}

const PASSWORD = 'a password of the replay';
/** Milliseconds until a frame is said not to come. */
const PATIENCE = 15_000;

/** Makes the like of what there was before a recording, by REST, and binds its placeholders. */
export class Stage {
  private readonly actors = new Map<number, Actor>();
  private readonly run = randomBytes(4).toString('hex');

  private constructor(
    private readonly target: Target,
    private readonly bindings: Bindings,
  ) {}

  /** @throws what names the setup that the server refuses */
  static async set(setup: readonly Setup[], target: Target, bindings: Bindings): Promise<Stage> {
    const stage = new Stage(target, bindings);
    const of = <Name extends Setup['setup']>(name: Name) =>
      setup.filter((one): one is Extract<Setup, { setup: Name }> => one.setup === name);
    for (const one of of('user')) await stage.addUser(one);
    for (const { pet, owner } of of('pet')) {
      bindings.bind(other('pet', pet), (await stage.post('/pets', owner, { name: `Pet ${pet}` }))['id'] as string);
    }
    for (const one of of('conversation')) await stage.addConversation(one);
    for (const { session, access, host } of of('session')) {
      const body = { title: `Session ${session}`, dashboard_access: access };
      const made = await stage.post('/sessions', host ?? (await stage.addHost()), body);
      bindings.bind(other('session', session), made['id'] as string);
    }
    return stage;
  }

  /** @throws where the recording has no such user */
  actor(index: number): Actor {
    const actor = this.actors.get(index);
    if (!actor) throw new Error(`the recording has no setup of user ${index}`);
    return actor;
  }

  private async addUser({ user, role, full_name, picture }: UserSetup): Promise<void> {
    const session = role === 'admin' ? await this.signInAdmin() : await this.register(user, role, full_name);
    const body = session['user'] as unknown as UserBody;
    const actor = { id: body.id, email: body.email, token: session['access_token'] as string };
    this.actors.set(user, actor);
    this.bindings.bind(userName(user), body.id);
    for (const facet of ['number', 'email', 'username', 'full_name'] as const) {
      this.bindings.bind(userName(user, facet), body[facet]);
    }
    if (picture) {
      const profile_image_url = `https://replay.example/${user}.png`;
      await this.ask('PATCH', '/users/me', actor, { profile_image_url });
      this.bindings.bind(userName(user, 'picture'), profile_image_url);
    }
  }

  private register(user: number, role: string, hasFullName = false): Promise<Record<string, Json>> {
    const username = `user-${user}-${this.run}`;
    return this.ask('POST', '/auth/register', undefined, {
      email: `${username}@replay.example`,
      password: PASSWORD,
      username,
      role,
      ...(hasFullName && { full_name: `User ${user} of ${this.run}` }),
    });
  }

  private async signInAdmin(): Promise<Record<string, Json>> {
    if (!this.target.signInAdmin) {
      throw new Error('the recording has an administrator: name one of the server in REPLAY_ADMIN, as email:password');
    }
    const { email, password } = await this.target.signInAdmin();
    return this.ask('POST', '/auth/login', undefined, { email, password });
  }

  /** A host of event sessions who is not in the recording. */
  private async addHost(): Promise<number> {
    const index = 0;
    if (!this.actors.has(index)) await this.addUser({ setup: 'user', user: index, role: 'host' });
    return index;
  }

  private async addConversation(setup: ConversationSetup): Promise<void> {
    const { conversation: index, kind, creator, pet } = setup;
    const others = setup.members.filter((member) => member !== creator);
    const otherIds = others.map((member) => this.actor(member).id);
    const made =
      kind === 'channel'
        ? await this.post('/channels', creator, { slug: `replay-${this.run}-${index}` })
        : kind === 'consultation'
          ? await this.consult(creator, this.bindings.fillIn(other('pet', pet ?? 0)) as string, otherIds)
          : await this.post('/conversations', creator, { kind, participant_ids: otherIds });
    const id = made['id'] as string;
    this.bindings.bind(conversation(index), id);
    this.bindings.bind(conversation(index, 'number'), made['number'] as number);
    if (typeof made['slug'] === 'string') this.bindings.bind(conversation(index, 'slug'), made['slug']);
    if (kind === 'channel' && otherIds.length > 0) {
      await this.post(`/conversations/${id}/participants`, creator, { user_ids: otherIds });
    }
  }

  /** Consultations are started in `pets` only. */
  private async consult(client: number, petId: string, providers: readonly string[]): Promise<Record<string, Json>> {
    const { id, token } = this.actor(client);
    const socket = new WebSocket(`${this.target.url.replace('http', 'ws')}/ws/`, {
      headers: { authorization: `Bearer ${token}` },
    });
    try {
      await once(socket, 'open');
      const answered = once(socket, 'message', { signal: AbortSignal.timeout(PATIENCE) });
      socket.send(JSON.stringify({ sender_id: id, event: 'new_conversation', params: { pet_id: petId, providers } }));
      const [data] = (await answered) as [Buffer];
      const { event, params } = JSON.parse(data.toString()) as { event: string; params: Record<string, Json> };
      if (event !== 'conversation_created') throw new Error(`setup: a consultation was refused: ${data.toString()}`);
      return await this.ask('GET', `/conversations/${params['id'] as string}`, this.actor(client));
    } finally {
      socket.terminate();
    }
  }

  private post(path: string, user: number, body: Json): Promise<Record<string, Json>> {
    return this.ask('POST', path, this.actor(user), body);
  }

  private async ask(
    method: string,
    path: string,
    actor: Actor | undefined,
    body?: Json,
  ): Promise<Record<string, Json>> {
    const headers: Record<string, string> = actor ? { authorization: `Bearer ${actor.token}` } : {};
    const answer = await call(this.target.url, method, `/api/v1${path}`, headers, body);
    if (answer.status >= 300) {
      throw new Error(`setup: ${method} ${path} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    }
    return answer.body as Record<string, Json>;
  }
}
