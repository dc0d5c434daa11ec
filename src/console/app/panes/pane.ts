import { computed, signal } from '@preact/signals';
import type { Session } from '../accounts/session.js';
import type { Conversation, Message } from '../api/types.js';
import type { Dialect, Extension, Frame, Heard, Name, Purpose, Scene, Status } from '../dialects/dialect.js';
import type { Entry } from '../frames/frame-log.js';
import { Company } from './company.js';
import { Line } from './line.js';
import { Marks } from './marks.js';
import { OwnTyping } from './own-typing.js';
import { Timeline } from './timeline.js';

/** Milliseconds for which news is gathered before the conversation is read again. */
const SOON = 500;

let panes = 0;

/**
 * One user in one dialect, in the conversation that all panes show: the connection, what it has entered, what it heard, and
 * what can be done over it.
 */
export class Pane {
  readonly id = ++panes;
  readonly dialect = signal<Dialect>(undefined!);
  readonly account = signal<Session | undefined>(undefined);
  readonly extensions = signal<readonly Extension[]>([]);
  readonly conversation = signal<Conversation | undefined>(undefined);
  readonly line = new Line({
    opened: (isBack) => this.#opened(isBack),
    heard: (heard, entry) => this.#hear(heard, entry),
    lost: () => this.#lost(),
  });
  readonly timeline = new Timeline();
  readonly company = new Company();
  /** What the connection hears, by the names of the wire; it may be more than is shown. */
  readonly #entered = signal<ReadonlySet<string>>(new Set());
  /** Whether the connection hears the conversation. */
  readonly hasEntered = computed(() => namesOf(this.conversation.value).some((name) => this.#entered.value.has(name)));
  /** What went wrong with the connection or the conversation, and with the message that is being written. */
  readonly error = signal('');
  readonly composeError = signal('');
  /** In words: how it went when the connection came back. */
  readonly resumed = signal('');
  readonly marks = new Marks();
  readonly typing = new OwnTyping((isTyping) => this.#sayTyping(isTyping));
  /** The entry of the log that was asked for last. */
  readonly shownEntry = signal<Entry | undefined>(undefined);
  readonly isMember = computed(() =>
    Boolean(this.conversation.value?.participants.some(({ id }) => id === this.account.value?.user.id)),
  );
  /** How many of the messages that are shown its user has not read; those who take no part keep no count. */
  readonly unread = computed(() => {
    const me = this.conversation.value?.participants.find(({ id }) => id === this.account.value?.user.id);
    const isUnread = ({ seq, sender }: Message): boolean => seq > me!.last_read_seq && sender.id !== me!.id;
    return me ? this.timeline.messages.value.filter(isUnread).length : 0;
  });
  /** What is to be shown: answers may come in another order than they were asked for. */
  #wanted: string | undefined;
  #offset: number | undefined;
  #returnsTo = false;
  #rereading: ReturnType<typeof setTimeout> | undefined;
  /** Where the refusal of the frame that was sent last is shown. */
  #blame = this.error;

  constructor(
    dialect: Dialect,
    account: Session | undefined,
    /** Called when a message was heard or sent, in whatever conversation. */
    private readonly onMessage: () => void,
  ) {
    this.account.value = account;
    this.speak(dialect);
  }

  /** Takes another dialect, with all of its extensions. The connection in the former one is closed. */
  speak(dialect: Dialect): void {
    this.disconnect();
    this.dialect.value = dialect;
    this.extensions.value = dialect.extensions;
  }

  /** Takes another user, to whom the conversation has to be shown anew. */
  become(account: Session | undefined): void {
    this.disconnect();
    this.account.value = account;
    this.#leaveScene();
  }

  /** Connects; one that waits to come back does so now. @throws ApiError when the account has no token */
  async connect(): Promise<void> {
    this.error.value = this.resumed.value = '';
    if (this.line.state.value === 'waiting') return this.line.comeBackNow();
    this.#offset = undefined;
    this.#returnsTo = false;
    const [dialect, account, extensions] = [this.dialect.value, this.account.value, this.extensions.value];
    await this.line.connect({ dialect, account, extensions });
  }

  /** Connects where it is not, and enters the conversation as soon as that is done. What goes wrong is told in the pane. */
  async connectAndEnter(): Promise<void> {
    try {
      if (this.line.isOpen) return await this.enter();
      await this.connect();
      this.#returnsTo = true;
    } catch (error) {
      this.error.value = (error as Error).message;
    }
  }

  disconnect(): void {
    this.#returnsTo = false;
    this.line.disconnect();
  }

  /** Shows a conversation, as its user sees it. Where they may not, the error says so. */
  async show(name: string): Promise<void> {
    const account = this.account.value;
    this.#leaveScene();
    this.#wanted = name;
    if (!account) return;
    try {
      const conversation = await account.request<Conversation>('GET', `/conversations/${encodeURIComponent(name)}`);
      if (account !== this.account.value || name !== this.#wanted) return;
      this.conversation.value = conversation;
      this.#enterByMembership();
      await this.timeline.open(account, conversation.id);
    } catch (error) {
      this.error.value = (error as Error).message;
    }
  }

  /** Begins to hear the conversation, in the way that the dialect has. */
  async enter(): Promise<void> {
    this.error.value = '';
    const { dialect, scene } = this.#stage;
    if (dialect.hearsMemberships && !this.isMember.value) await this.#takePart(scene);
    const frame = dialect.enterFrame?.(scene);
    if (frame) this.#send(frame, this.error, 'enter');
    else if (this.line.isOpen) this.#hears(scene.conversation.id);
  }

  async leave(): Promise<void> {
    this.error.value = '';
    const { dialect, account, scene } = this.#stage;
    const frame = dialect.leaveFrame?.(scene);
    if (frame) {
      this.#send(frame, this.error);
      if (dialect.leavesUnanswered) this.#hearsNoMore();
    } else {
      await account.request('DELETE', `/conversations/${scene.conversation.id}/participants/${scene.me.id}`);
      this.#hearsNoMore();
      await this.#reread();
    }
  }

  /** Sends a message over the socket or by REST. @throws Error, in words for people */
  async send(content: string, way: 'socket' | 'rest'): Promise<void> {
    this.composeError.value = '';
    const { dialect, account, scene } = this.#stage;
    this.typing.stop();
    if (way === 'socket') {
      const frame = dialect.messageFrame!(scene, content, newClientMessageId());
      this.#send(frame, this.composeError, 'message');
    } else {
      const route: [string, object] = [`/conversations/${scene.conversation.id}/messages`, { content }];
      await account.request('POST', ...(dialect.post?.(scene, content) ?? route));
      this.onMessage();
    }
  }

  /** A frame that its dialect could send here, to begin with when writing one. */
  exampleFrame(): Frame {
    const { dialect, scene } = this.#stage;
    return dialect.messageFrame?.(scene, 'Hello', newClientMessageId()) ?? dialect.enterFrame?.(scene);
  }

  /** Sends whatever text over the socket, a frame or not. @throws Error, in words for people */
  sendRaw(text: string): void {
    this.#blame = this.error;
    this.error.value = '';
    this.line.send(text);
  }

  /** @throws ApiError */
  async editMessage({ id }: Message, content: string): Promise<void> {
    await this.#stage.account.request('PATCH', `/messages/${id}`, { content });
    this.timeline.edit(id, content);
  }

  /** @throws ApiError */
  async deleteMessage({ id }: Message): Promise<void> {
    await this.#stage.account.request('DELETE', `/messages/${id}`);
    this.timeline.remove(id);
  }

  /** Says that all is read: by the dialect's own frame, else by REST. @throws Error, in words for people */
  async markRead(): Promise<void> {
    const { dialect, account, scene } = this.#stage;
    const frame = this.line.isOpen && dialect.readFrame?.(scene);
    if (frame) this.#send(frame, this.error);
    else await account.request('POST', `/conversations/${scene.conversation.id}/read`, {});
    await this.#reread();
    this.onMessage();
  }

  /** Reads what is new; soon also who takes part by now, and how far they have read. @throws ApiError */
  async catchUp(): Promise<void> {
    this.#rereadSoon();
    await this.timeline.catchUp();
  }

  ping(): void {
    this.#send(this.dialect.value.pingFrame!(), this.error, 'ping');
  }

  announce(status: Status): void {
    this.#send(this.dialect.value.presenceFrame!(status), this.error);
  }

  #sayTyping(isTyping: boolean): void {
    const frame = this.dialect.value.typingFrame;
    if (!frame || !this.line.isOpen || !this.hasEntered.value) return;
    this.#send(frame(this.#stage.scene, isTyping), this.composeError);
  }

  #opened(isBack: boolean): void {
    this.#enterByMembership();
    if (!this.#returnsTo || !this.conversation.value) return;
    if (isBack) this.#resume();
    else if (!this.hasEntered.value) this.enter().catch((error: Error) => (this.error.value = error.message));
  }

  /** Enters again, and asks for what was missed since. */
  #resume(): void {
    const { dialect, scene } = this.#stage;
    const since = this.extensions.value.includes('resume') ? this.#offset : undefined;
    const frame = dialect.enterFrame?.(scene, since);
    if (frame && since !== undefined) {
      this.line.state.value = 'resuming';
      this.#send(frame, this.error, 'enter');
    } else {
      if (frame) this.#send(frame, this.error, 'enter');
      this.#notResumed('Back. What was missed was read by REST.');
    }
  }

  #lost(): void {
    this.typing.stop();
    this.#returnsTo ||= this.hasEntered.value;
    this.#entered.value = new Set();
    this.company.clear();
    this.#blame = this.error;
  }

  #hear(heard: Heard, entry: Entry): void {
    if (heard.kind === 'refused') this.#refused(heard.message);
    if (heard.kind === 'presence' && (!heard.conversation || this.#isHere(heard.conversation))) {
      this.company.is(heard.name, heard.status);
    }
    if (heard.kind === 'entered') this.#hears(heard.conversation);
    if (heard.conversation && this.#isHere(heard.conversation)) this.#hearHere(heard, entry);
    if (heard.kind === 'message') this.onMessage();
  }

  #refused(message: string): void {
    this.#blame.value = message;
    if (this.line.state.value === 'resuming') this.line.state.value = 'open';
  }

  #hearHere(heard: Heard, entry: Entry): void {
    switch (heard.kind) {
      case 'entered':
        return this.#cameIn(heard.offset, heard.recovered);
      case 'left':
        this.#returnsTo = false;
        return this.#hearsNoMore();
      case 'message':
        this.#note(heard, entry);
        return;
      case 'edited':
        this.#note(heard, entry);
        return this.timeline.edit(heard.id, heard.content);
      case 'deleted':
        this.#note(heard, entry);
        return this.timeline.remove(heard.id);
      case 'typing':
        return this.company.types(this.#nameOf(heard.user), heard.isTyping);
      case 'read':
        void this.#reread();
        return;
    }
  }

  #cameIn(offset: number | undefined, recovered: boolean | undefined): void {
    if (this.line.state.value !== 'resuming') {
      this.#offset = offset;
      return;
    }
    this.line.state.value = 'open';
    const missed = (offset ?? 0) - (this.#offset ?? 0);
    if (recovered) {
      this.resumed.value = `Resumed after offset ${this.#offset}: ${missed} missed.`;
      // What follows is heard like anything else.
    } else {
      this.#offset = offset;
      this.#notResumed(`Too much was missed to resume. It was read by REST.`);
    }
    this.line.log.note(this.resumed.value);
  }

  #notResumed(words: string): void {
    this.resumed.value = words;
    this.timeline.refresh().catch((error: Error) => (this.error.value = error.message));
  }

  /** Remembers how far the connection has heard, and by which frame. */
  #note({ id, offset }: { id: Name; offset?: number }, entry: Entry): void {
    if (offset !== undefined) this.#offset = Math.max(offset, this.#offset ?? 0);
    this.marks.add(id, entry);
  }

  /** By everything that a dialect may call a user: a name already, or a number. */
  #nameOf(user: Name): string {
    if (typeof user === 'string') return user;
    const known = this.conversation.value?.participants.find(({ number }) => number === user);
    const seen = known ?? this.timeline.messages.value.find(({ sender }) => sender.number === user)?.sender;
    return seen ? seen.full_name || seen.username : `User ${user}`;
  }

  #isHere(name: Name): boolean {
    return namesOf(this.conversation.value).includes(String(name));
  }

  /** Where the dialect's connections hear what their user takes part in, being open is being in. */
  #enterByMembership(): void {
    if (this.dialect.value.hearsMemberships && this.isMember.value && this.line.isOpen)
      this.#hears(this.conversation.value!.id);
  }

  #hears(name: Name): void {
    this.#entered.value = new Set(this.#entered.value).add(String(name));
  }

  #hearsNoMore(): void {
    const names = namesOf(this.conversation.value);
    this.#entered.value = new Set([...this.#entered.value].filter((name) => !names.includes(name)));
  }

  async #takePart({ conversation, me }: Scene): Promise<void> {
    const path = `/conversations/${conversation.id}/participants`;
    this.conversation.value = await this.#stage.account.request('POST', path, { user_ids: [me.id] });
  }

  #rereadSoon(): void {
    if (this.#rereading !== undefined) return;
    this.#rereading = setTimeout(() => {
      this.#rereading = undefined;
      void this.#reread();
    }, SOON);
  }

  /** Reads anew who takes part and how far they have read. */
  async #reread(): Promise<void> {
    const [account, id] = [this.account.value, this.conversation.value?.id];
    if (!account || !id) return;
    const conversation = await account.request<Conversation>('GET', `/conversations/${id}`).catch(() => undefined);
    if (conversation && this.conversation.value?.id === id) this.conversation.value = conversation;
  }

  #send(frame: Frame, blame: typeof this.error, purpose?: Purpose): void {
    this.#blame = blame;
    this.line.send(JSON.stringify(frame), purpose);
  }

  #leaveScene(): void {
    this.typing.stop();
    this.conversation.value = this.#wanted = undefined;
    this.error.value = this.composeError.value = this.resumed.value = '';
    this.marks.clear();
    this.company.clear();
    this.timeline.close();
    this.#offset = undefined;
    this.#returnsTo = false;
  }

  /** @throws Error, in words for people, when nobody is signed in here or no conversation is open */
  get #stage(): { dialect: Dialect; account: Session; scene: Scene } {
    const [account, conversation] = [this.account.value, this.conversation.value];
    if (!account) throw new Error('Choose who speaks in this pane.');
    if (!conversation) throw new Error('Open a conversation first.');
    return { dialect: this.dialect.value, account, scene: { me: account.user, conversation } };
  }
}

/** What a conversation is called in any dialect. */
function namesOf(conversation: Conversation | undefined): string[] {
  if (!conversation) return [];
  const { id, slug, number } = conversation;
  return [id, String(number), ...(slug ? [slug] : [])];
}

/** By which the server knows a message that comes twice. */
function newClientMessageId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
