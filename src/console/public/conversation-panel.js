import { byId, Choice, element, keepingFocus, onPress, onSubmit, say } from './dom.js';
import { History } from './history.js';

const SLUG = /^(?=.*[a-z])[a-z0-9][\w.-]{0,63}$/i;

/** The conversation that is open: choosing it, entering and leaving it, its messages, and writing to it. */
export class ConversationPanel {
  #session;
  #socket;
  #history;
  #conversation;
  /** The names, as on the wire, of what this connection has entered. */
  #entered = new Set();
  /** The ids of what one is known to take part in, which is what a dialect without frames for entering hears. */
  #memberships = new Set();
  #way = new Choice('way');
  #name = byId('conversation');
  #error = byId('conversation-error');
  #composeError = byId('compose-error');

  constructor(session, socket) {
    this.#session = session;
    this.#socket = socket;
    this.#history = new History(session);
  }

  start() {
    onPress('enter', this.#error, () => this.#enter());
    onPress('leave', this.#error, () => this.#leave());
    onPress('older', this.#error, () => this.#history.older());
    onSubmit('conversation-form', this.#error, () => this.#open());
    onSubmit('compose', this.#composeError, () => this.#send());
    byId('content').addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      byId('compose').requestSubmit();
    });
    this.#name.addEventListener('focus', () => void this.#suggest());
    this.#socket.addEventListener('heard', ({ detail }) => this.#hear(detail));
    this.#socket.addEventListener('change', () => {
      if (!this.#socket.isOpen) this.#entered.clear();
      this.#show();
    });
    this.#session.addEventListener('change', () => {
      if (!this.#session.user) this.#close();
      this.#show();
    });
    this.#show();
  }

  /** Opens what the field names; a channel that is not there yet is made. */
  async #open() {
    const name = this.#name.value.trim();
    const path = `/conversations/${encodeURIComponent(name)}`;
    this.#conversation = await this.#session.request('GET', path).catch(async (error) => {
      if (error.status !== 404 || !SLUG.test(name)) throw error;
      await this.#create(name);
      return this.#session.request('GET', path);
    });
    const { id, participants } = this.#conversation;
    if (participants.some((participant) => participant.id === this.#session.user.id)) this.#memberships.add(id);
    this.#show();
    await this.#history.open(this.#conversation);
  }

  async #create(slug) {
    await this.#session.request('POST', '/channels', { slug }).catch((error) => {
      if (error.status !== 409) throw error; // unless someone else was faster
    });
  }

  #close() {
    this.#conversation = undefined;
    this.#memberships.clear();
    this.#history.close();
  }

  async #enter() {
    if (!this.#names.includes(this.#name.value.trim())) await this.#open();
    const { enterFrame } = this.#socket.dialect;
    const { id } = this.#conversation;
    if (enterFrame) {
      this.#socket.send(enterFrame(this.#conversation), this.#error);
    } else {
      await this.#session.request('POST', `/conversations/${id}/participants`, { user_ids: [this.#session.user.id] });
      this.#memberships.add(id);
      this.#show();
    }
  }

  async #leave() {
    const { leaveFrame, leavesUnanswered } = this.#socket.dialect;
    const { id } = this.#conversation;
    if (leaveFrame) {
      this.#socket.send(leaveFrame(this.#conversation), this.#error);
      if (leavesUnanswered) this.#entered.delete(id);
    } else {
      await this.#session.request('DELETE', `/conversations/${id}/participants/${this.#session.user.id}`);
      this.#memberships.delete(id);
    }
    this.#show();
  }

  async #send() {
    const content = byId('content').value.trim();
    if (!content) return;
    const { message, post } = this.#socket.dialect;
    if (this.#way.value === 'socket') {
      this.#socket.send(message(this.#conversation, content), this.#composeError);
    } else {
      const route = [`/conversations/${this.#conversation.id}/messages`, { content }];
      const [path, body] = post?.(this.#conversation, content) ?? route;
      await this.#session.request('POST', path, body);
      await this.#history.catchUp();
    }
    byId('content').value = '';
  }

  #hear({ kind, conversation, id, content }) {
    if (kind === 'entered') this.#entered.add(conversation);
    if (kind === 'left') this.#entered.delete(conversation);
    if (!this.#names.includes(conversation)) return;
    if (kind === 'message') this.#history.catchUp().catch((error) => say(this.#error, error.message));
    if (kind === 'edited') this.#history.edit(id, content);
    if (kind === 'deleted') this.#history.delete(id);
    this.#show();
  }

  /** Offers the open channels, and the other conversations one takes part in, by their uuid. */
  async #suggest() {
    if (!this.#session.user) return;
    const lists = ['/channels?limit=100', '/conversations?limit=100'].map((path) => this.#session.request('GET', path));
    // Nobody asked for this: where it fails, the field still takes any name.
    const [channels, conversations] = await Promise.all(lists).catch(() => []);
    const others = conversations?.data.filter(({ slug }) => !slug) ?? [];
    byId('conversations').replaceChildren(
      ...(channels?.data ?? []).map(({ slug, title }) => element('option', { value: slug, label: title ?? '' })),
      ...others.map(({ id, kind, title }) => element('option', { value: id, label: title || kind })),
    );
  }

  /** What the conversation is called in any dialect. */
  get #names() {
    if (!this.#conversation) return [];
    const { id, slug, number } = this.#conversation;
    return [id, slug, String(number)];
  }

  get #title() {
    if (!this.#conversation) return 'No conversation open';
    const { title, slug, kind, participants } = this.#conversation;
    const others = participants.filter(({ id }) => id !== this.#session.user?.id).map(({ full_name }) => full_name);
    return title || slug || others.join(', ') || kind;
  }

  get #isEntered() {
    const entered = this.#socket.dialect.enterFrame ? this.#entered : this.#memberships;
    return this.#names.some((name) => entered.has(name));
  }

  #show() {
    const { user } = this.#session;
    const { isOpen, dialect, dialectName } = this.#socket;
    const isEntered = this.#isEntered;
    const [enter, leave] = [byId('enter'), byId('leave')];
    const canEnter = Boolean(user) && (isOpen || !dialect.enterFrame);

    byId('open').disabled = !user;
    enter.textContent = dialect.enter;
    leave.textContent = dialect.leave;
    keepingFocus(enter, leave, () => {
      enter.disabled = !canEnter || isEntered;
      leave.disabled = !canEnter || !isEntered;
    });
    say(byId('enter-hint'), user && !canEnter ? `Connect to ${dialect.enter.toLowerCase()}.` : '');

    byId('conversation-title').textContent = this.#title;
    byId('conversation-entered').hidden = !isEntered || !isOpen;
    byId('conversation-empty').textContent = emptiness(user, this.#conversation);

    const canSend = dialect.message && isOpen;
    this.#way.enable('socket', canSend);
    if (!canSend) this.#way.value = 'rest';
    byId('compose-fields').disabled = !this.#conversation;
    say(byId('way-hint'), canSend ? '' : whyNoSocket(dialect, dialectName));
  }
}

function emptiness(user, conversation) {
  if (!user) return 'Sign in or register to read and write.';
  return conversation ? 'No messages yet. Be the first to write.' : 'Open a channel to see its messages.';
}

function whyNoSocket(dialect, name) {
  return dialect.message ? 'Connect to send over the socket.' : `${name} cannot send over its socket, only over REST.`;
}
