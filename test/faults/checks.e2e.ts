import { beforeEach, describe, expect, it } from 'vitest';
import { violationsOf } from './harness/checks.js';
import { type Conversation, type Heard, Ledger, type Line, type Listener } from './harness/ledger.js';
import type { StoredConversation, StoredMessage } from './harness/stored.js';

const CONVERSATION: Conversation = { id: 'c', number: 1, slug: null };
const SENDER = 'sender';

/** Three messages, all stored and acknowledged, and two who have heard them. */
class Case {
  readonly ledger = new Ledger();
  readonly messages: StoredMessage[] = [1, 2, 3].map((place) => ({
    id: `m${place}`,
    number: place,
    seq: place,
    senderId: SENDER,
    content: `text ${place}`,
    clientMessageId: `name ${place}`,
    createdOffset: place,
    changeOffset: place,
  }));
  readonly listeners: Listener[];

  constructor() {
    for (const { id: messageId, content, clientMessageId } of this.messages)
      this.send(content, clientMessageId!, messageId);
    this.listeners = ['ada', 'ben'].map((userId) => {
      const listener = this.ledger.listen({ name: userId, dialect: 'flat', userId, hearsOwn: true });
      listener.lines.push(this.line(listener, [1, 2, 3]));
      return listener;
    });
  }

  send(content: string, clientMessageId: string, messageId: string): void {
    const sent = this.ledger.send({ content, clientMessageId, conversation: CONVERSATION, senderId: SENDER });
    sent.attempts.push({ at: 1, until: 2, node: 'one', answer: { kind: 'acknowledged', messageId } });
  }

  line(listener: Listener, offsets: readonly number[], since = 0): Line {
    const after: Heard[] = offsets.map((offset) => ({ offset, content: `text ${offset}`, at: 3 }));
    const entered = { offset: since, recovered: true };
    const stream = { conversation: CONVERSATION, since, before: [], entered, after };
    return { listener, node: 'one', streams: new Map([['c', stream]]), isOpen: true, ending: undefined };
  }

  heard(place: number): Heard[] {
    return this.listeners[place]!.lines[0]!.streams.get('c')!.after;
  }

  get violations(): string[] {
    const { messages } = this;
    const newest = Math.max(...messages.map(({ changeOffset }) => changeOffset));
    const stored: StoredConversation = { id: 'c', lastSeq: messages.length, lastOffset: newest, messages };
    return violationsOf(this.ledger, [stored]);
  }
}

describe('a ledger that is held against the database', () => {
  let told: Case;
  beforeEach(() => {
    told = new Case();
  });

  it('is in order when everything is as promised', () => {
    expect(told.violations).toEqual([]);
  });

  it('shows what was acknowledged and is not stored', () => {
    told.send('text 4', 'name 4', 'm4');
    expect(told.violations).toEqual(['acknowledged and lost: text 4']);
  });

  it('shows what was acknowledged as another message than is stored', () => {
    told.messages[2] = { ...told.messages[2]!, id: 'another' };
    expect(told.violations).toEqual(['acknowledged as another than is stored: text 3']);
  });

  it('shows what is stored twice, whether or not by its name', () => {
    const again = { ...told.messages[0]!, id: 'm4', seq: 4, createdOffset: 4, changeOffset: 4 };
    told.messages.push(again);
    expect(told.violations).toContain('stored twice: text 1');
    expect(told.violations).toContain(`stored twice: ${SENDER} name 1`);
    told.messages[3] = { ...again, clientMessageId: null };
    expect(told.violations).toContain('stored twice: text 1');
  });

  it('shows what is stored and was not sent', () => {
    told.ledger.sent.delete('text 2');
    expect(told.violations).toContain('stored and never sent: text 2');
  });

  it('shows gaps in numbers and in offsets', () => {
    told.messages[2] = { ...told.messages[2]!, seq: 4, createdOffset: 5, changeOffset: 5 };
    expect(told.violations).toContain('a gap in the numbers of c');
    expect(told.violations).toContain('a gap in the offsets of c');
  });

  it('shows what was heard and nobody sent', () => {
    told.heard(0)[1] = { ...told.heard(0)[1]!, content: 'made up' };
    expect(told.violations).toContain('ada heard what nobody sent: made up');
  });

  it('shows what was heard of a conversation of others', () => {
    told.ledger.strays.push('eve: text');
    expect(told.violations).toEqual(['heard of a conversation of others: eve: text']);
  });

  it('shows what was heard twice on one connection', () => {
    told.heard(0).push(told.heard(0)[2]!);
    expect(told.violations).toContain('ada heard offset 3 twice on one connection');
  });

  it('shows what was heard in another order than the others heard it', () => {
    told.heard(1).reverse();
    expect(told.violations).toContain('ben heard 2 late');
  });

  it('shows what was heard at another offset than it has', () => {
    told.heard(0)[0] = { ...told.heard(0)[0]!, content: 'text 2' };
    expect(told.violations).toContain('ada heard at 1 what is not stored there: text 2');
  });

  it.each([
    ['at the beginning', 0],
    ['between others', 1],
    ['at the end, of a connection that is open', 2],
  ])('shows what was missed %s', (_, index) => {
    told.heard(0).splice(index, 1);
    expect(told.violations).toEqual([expect.stringContaining(`ada missed ${index + 1} of c`)]);
  });

  it('allows a connection that has ended to miss what came later', () => {
    told.heard(0).pop();
    told.listeners[0]!.lines[0]!.isOpen = false;
    expect(told.violations).toEqual([]);
  });

  it('shows what was missed between one connection and the next', () => {
    const [ada] = told.listeners;
    told.heard(0).splice(1);
    ada!.lines[0]!.isOpen = false;
    ada!.lines.push(told.line(ada!, [3], 1));
    expect(told.violations).toEqual([expect.stringContaining('ada missed 2 of c')]);
  });

  it('shows who could not go on from where the connection was lost', () => {
    told.listeners[0]!.lines[0]!.streams.get('c')!.entered = { offset: 3, recovered: false };
    expect(told.violations).toEqual(['ada could not go on from 0']);
  });

  it('allows a message that was changed to be heard once, in its last form', () => {
    told.messages[0] = { ...told.messages[0]!, content: 'text 4', changeOffset: 4 };
    told.ledger.sent.get('text 1')!.edit = told.ledger.send({
      content: 'text 4',
      clientMessageId: '',
      conversation: CONVERSATION,
      senderId: SENDER,
    });
    for (const place of [0, 1]) told.heard(place).push({ offset: 4, content: 'text 4', at: 3 });
    told.heard(1).shift();
    expect(told.violations).toEqual([]);
  });

  it('shows what was heard by those who may not', () => {
    const [ada] = told.listeners;
    ada!.revocations.set('c', 0);
    expect(told.violations).toHaveLength(3);
    expect(told.violations[0]).toBe('ada heard what it may not: text 1');
    ada!.revocations.set('c', performance.now());
    expect(told.violations).toEqual([]); // sent before that was taken away
  });
});
