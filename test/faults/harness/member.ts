import { setTimeout as delay } from 'node:timers/promises';
import { type Connection, connectRaw, connectSocketIo, type Ear, type Identity, SILENCE } from './connection.js';
import type { Answer, Conversation, Ledger, Line, Listener, Sent } from './ledger.js';
import type { Node } from './node.js';
import type { Random } from './random.js';
import { type Speech, SPEECHES, type Told } from './speech.js';

/** The dialects in which conversations are heard. */
export const DIALECTS = [...SPEECHES.map(({ dialect }) => dialect), 'socketio'] as const;

export type DialectName = (typeof DIALECTS)[number];

/** Milliseconds in which a conversation should be entered; after them the client begins anew. */
const ENTRY_TIMEOUT = 8_000;
/** Milliseconds from one attempt to connect to the next: from, to. */
const RETRY = [100, 400] as const;

interface Home {
  readonly ledger: Ledger;
  readonly nodes: readonly Node[];
  readonly random: Random;
}

/**
 * Someone in conversations, as the clients in the field are: one that is cut off connects to another node and goes on from the
 * last offset that it heard. The ledger gets everything that it hears and sends.
 */
export class Member {
  readonly listener: Listener;
  private readonly speech: Speech | undefined;
  private readonly positions = new Map<string, number>();
  private readonly names = new Map<string, Conversation>();
  private connection: Connection | undefined;
  private line: Line | undefined;
  private isLeaving = false;
  private wake: () => void = () => {};
  private arrival: Promise<void> = Promise.resolve();
  private sending: Promise<unknown> = Promise.resolve();
  private node: Node;

  constructor(
    readonly user: Identity,
    readonly dialect: DialectName,
    private readonly conversations: readonly Conversation[],
    private readonly home: Home,
    name: string,
  ) {
    this.speech = SPEECHES.find((speech) => speech.dialect === dialect);
    const hearsOwn = this.speech?.hearsOwn ?? true;
    this.listener = home.ledger.listen({ name: `${name} (${dialect})`, dialect, userId: user.id, hearsOwn });
    this.node = home.random.pick(home.nodes);
    for (const conversation of conversations) {
      for (const alias of [conversation.id, String(conversation.number), conversation.slug]) {
        if (alias !== null) this.names.set(alias, conversation);
      }
    }
  }

  /** Connects, to a node if one is given, and enters its conversations; tries until it can. */
  async arrive(node = this.node): Promise<void> {
    this.node = node;
    this.arrival = this.comeIn();
    await this.arrival;
  }

  /** Whether it is connected, and hears all that it should. */
  get isHere(): boolean {
    return this.connection !== undefined;
  }

  /** Where it is, or was last. */
  get at(): Node {
    return this.node;
  }

  /**
   * Makes one attempt to send, once it is connected and what it sent before is answered: not every dialect says to what a
   * refusal belongs.
   *
   * @returns whether it is acknowledged
   */
  send(sent: Sent): Promise<boolean> {
    const sending = this.sending.then(() => this.sendNow(sent));
    this.sending = sending;
    return sending;
  }

  /** Hears a conversation no more from now on: that was just answered to who decided it. */
  revoke(conversation: Conversation): void {
    this.listener.revocations.set(conversation.id, performance.now());
  }

  /** Goes, and does not come back. */
  leave(): void {
    this.isLeaving = true;
    this.connection?.close();
    this.wake();
  }

  /** Changes a message that is acknowledged; once, since twice would be two changes. */
  async edit(sent: Sent, content: string): Promise<void> {
    const messageId = sent.attempts.map(({ answer }) => answer).find(({ kind }) => kind === 'acknowledged');
    if (messageId?.kind !== 'acknowledged') return;
    const { conversation, senderId } = sent;
    sent.edit = this.home.ledger.send({ conversation, senderId, content, clientMessageId: '' });
    const [at, node] = [performance.now(), this.node.name];
    const answer = await this.request('PATCH', `/messages/${messageId.messageId}`, { content });
    sent.edit.attempts.push({ at, until: performance.now(), node, answer });
  }

  private async sendNow(sent: Sent): Promise<boolean> {
    while (!this.isHere && !this.isLeaving) await this.arrival;
    const [at, node] = [performance.now(), this.node.name];
    const answer = await this.attempt(sent);
    sent.attempts.push({ at, until: performance.now(), node, answer });
    return answer.kind === 'acknowledged';
  }

  private attempt({ conversation, content, clientMessageId }: Sent): Promise<Answer> {
    const { connection } = this;
    if (!connection) return Promise.resolve({ kind: 'lost' });
    if (connection.send) return connection.send(conversation, content, clientMessageId);
    const body = { content, client_message_id: clientMessageId };
    return this.request('POST', `/conversations/${conversation.id}/messages`, body);
  }

  private async request(method: string, path: string, body: object): Promise<Answer> {
    try {
      const response = await fetch(`${this.node.url}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${this.user.token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(SILENCE),
      });
      const { id } = (await response.json()) as { id: string };
      if (response.ok) return { kind: 'acknowledged', messageId: id };
      return { kind: 'refused', why: String(response.status) };
    } catch (error) {
      return { kind: (error as Error).name === 'TimeoutError' ? 'silence' : 'lost' };
    }
  }

  /** Tries one node after the other until it is in all its conversations. */
  private async comeIn(): Promise<void> {
    while (!this.isLeaving) {
      if (await this.tryToComeIn()) return;
      await delay(this.home.random.integer(...RETRY));
      this.node = this.home.random.pick(this.home.nodes);
    }
  }

  private async tryToComeIn(): Promise<boolean> {
    const due = this.conversations.filter(({ id }) => !this.listener.revocations.has(id));
    const since = (id: string): number => this.positions.get(id) ?? 0;
    const line: Line = {
      listener: this.listener,
      node: this.node.name,
      streams: new Map(
        due.map((conversation) => [
          conversation.id,
          { conversation, since: since(conversation.id), before: [], entered: undefined, after: [] },
        ]),
      ),
      isOpen: true,
      ending: undefined,
    };
    const problems: string[] = [];
    const ear: Ear = {
      told: (told) => {
        if (told.kind === 'error') problems.push(told.why);
        else this.note(line, told);
        this.wake();
      },
      ended: (how) => {
        line.isOpen = false;
        line.ending = { how, at: performance.now() };
        this.lose(line);
      },
    };
    let connection: Connection;
    try {
      connection = await this.connect(ear);
    } catch {
      return false;
    }
    this.listener.lines.push(line);
    this.line = line;
    for (const conversation of due) connection.enter(conversation, since(conversation.id));
    const giveUpAt = performance.now() + ENTRY_TIMEOUT;
    const isIn = (): boolean => [...line.streams.values()].every(({ entered }) => entered !== undefined);
    const mayBe = (): boolean =>
      line.isOpen && problems.length === 0 && !this.isLeaving && performance.now() < giveUpAt;
    while (!isIn() && mayBe()) await this.news();
    if (!isIn() || !line.isOpen || this.isLeaving) {
      line.isOpen = false;
      connection.close();
      return this.isLeaving;
    }
    this.connection = connection;
    return true;
  }

  private connect(ear: Ear): Promise<Connection> {
    if (this.speech) return connectRaw(this.speech, this.node, this.user, ear);
    return connectSocketIo(this.node, this.user, ear);
  }

  private note(line: Line, told: Exclude<Told, { kind: 'error' }>): void {
    if (told.kind === 'acknowledged') return;
    const conversation = this.names.get(told.conversation);
    const stream = conversation && line.streams.get(conversation.id);
    if (told.kind === 'entered') {
      if (stream) stream.entered = told;
      return;
    }
    const heard = { ...told.heard, at: performance.now() };
    if (!conversation) {
      this.home.ledger.strays.push(`${this.listener.name}: ${heard.content}`);
    } else if (!stream) {
      // Of one that it may not hear any more: kept for the check of that.
      line.streams.set(conversation.id, { conversation, since: 0, before: [heard], entered: undefined, after: [] });
    } else if (stream.entered) {
      stream.after.push(heard);
      this.positions.set(conversation.id, heard.offset);
    } else {
      stream.before.push(heard);
    }
  }

  /** A connection has ended: it comes back by itself, elsewhere, unless it was signed out. */
  private lose(line: Line): void {
    this.wake();
    if (this.line !== line || !this.connection) return;
    this.connection = undefined;
    const how = line.ending?.how;
    if (how === '4401' || how === 'io server disconnect') {
      this.isLeaving = true; // signed out: only a new login helps
      return;
    }
    if (this.isLeaving) return;
    this.node = this.home.random.pick(this.home.nodes);
    this.arrival = this.comeIn();
  }

  /** Waits for something to happen, or a moment. */
  private async news(): Promise<void> {
    await Promise.race([new Promise<void>((resolve) => (this.wake = resolve)), delay(100)]);
  }
}
