import { describe, expect, it } from 'vitest';
import { channels } from '../../../src/dialects/channels/channels.presenter.js';
import { dashboard } from '../../../src/dialects/dashboard/dashboard.presenter.js';
import type { Dialect } from '../../../src/dialects/dialect.js';
import { flat } from '../../../src/dialects/flat/flat.presenter.js';
import { pets } from '../../../src/dialects/pets/pets.presenter.js';
import { socketio } from '../../../src/dialects/socketio/socketio.presenter.js';
import { tribe } from '../../../src/dialects/tribe/tribe.presenter.js';
import type { ConversationRef, DomainEvent, MessageState } from '../../../src/realtime/events.js';
import { parseExtensions } from '../../../src/realtime/extensions.js';
import { expectGenerated } from '../../support/generated.js';

const DIALECTS: readonly Dialect[] = [flat, tribe, channels, socketio, pets, dashboard];

const TIME = '2026-01-02T03:04:05.678Z';
const USER = {
  id: 'user-uuid',
  number: 70_001,
  username: 'username',
  fullName: 'Full Name',
  profileImageUrl: 'https://example.com/picture',
  email: 'user@example.com',
};
const CONVERSATION = { id: 'conversation-uuid', number: 70_002, kind: 'channel', slug: 'slug' } as ConversationRef;
const MESSAGE = {
  id: 'message-uuid',
  number: 70_003,
  seq: 70_004,
  sender: USER,
  receiver: null,
  readAt: null,
  content: 'the content',
  messageType: 'a-type',
  clientMessageId: null,
  createdAt: TIME,
  editedAt: null,
  deletedAt: null,
} as unknown as MessageState;

/** Ways in which a frame can tell of one thing; one of them is enough. */
type Fact = readonly (string | number)[];

const WHO: Fact = [USER.id, USER.number, USER.email];
const WHERE: Fact = [CONVERSATION.id, CONVERSATION.number, 'slug'];
const WHICH: Fact = [MESSAGE.id, MESSAGE.number];
const WHEN: Fact = [TIME, Date.parse(TIME)];
const NOTIFICATION: Fact = ['notification-uuid', 70_005];

/** What happens, as an example, and what there is to tell of it. */
const EVENTS: readonly { readonly what: string; readonly event: DomainEvent; readonly facts: readonly Fact[] }[] = [
  {
    what: 'a message is sent',
    event: { type: 'message.created', conversation: CONVERSATION, offset: 1, message: MESSAGE, origin: null },
    facts: [WHICH, WHERE, WHO, ['the content'], ['a-type'], WHEN],
  },
  {
    what: 'a message is edited',
    event: {
      type: 'message.edited',
      conversation: CONVERSATION,
      offset: 2,
      message: { ...MESSAGE, editedAt: TIME },
      origin: null,
    },
    facts: [WHICH, WHERE, WHO, ['the content'], ['a-type']],
  },
  {
    what: 'a message is deleted',
    event: {
      type: 'message.deleted',
      conversation: CONVERSATION,
      offset: 3,
      message: { ...MESSAGE, content: '', deletedAt: TIME },
      origin: null,
    },
    facts: [WHICH, WHERE, WHO],
  },
  {
    what: 'messages are read',
    event: {
      type: 'conversation.read',
      conversation: CONVERSATION,
      userId: USER.id,
      userNumber: USER.number,
      lastReadSeq: 70_004,
      readAt: TIME,
      origin: null,
    } as unknown as DomainEvent,
    facts: [WHERE, WHO, WHEN, [70_004]],
  },
  {
    what: 'someone is typing',
    event: { type: 'typing.changed', conversation: CONVERSATION, user: USER, isTyping: true, origin: null },
    facts: [WHERE, WHO, ['Full Name']],
  },
  {
    what: 'someone’s status changes',
    event: { type: 'presence.changed', user: USER, status: 'away', conversationIds: [CONVERSATION.id] },
    facts: [WHO, ['Full Name'], ['away']],
  },
  {
    what: 'someone comes to listen to a conversation',
    event: { type: 'occupant.joined', conversation: CONVERSATION, user: USER, at: TIME } as unknown as DomainEvent,
    facts: [WHERE, WHO, ['Full Name'], WHEN],
  },
  {
    what: 'a consultation is opened',
    event: {
      type: 'consultation.opened',
      userId: USER.id,
      origin: null,
      consultation: {
        ...CONVERSATION,
        createdBy: USER.id,
        client: USER.id,
        petId: 'pet-uuid',
        providerIds: ['provider-uuid'],
        createdAt: TIME,
      },
    } as unknown as DomainEvent,
    facts: [WHERE, ['pet-uuid']],
  },
  {
    what: 'a notification is created',
    event: {
      type: 'notification.created',
      notification: {
        id: 'notification-uuid',
        number: 70_005,
        userId: USER.id,
        userNumber: USER.number,
        type: 'a-type',
        title: 'the title',
        message: 'the text',
        link: '/a/link',
        createdAt: TIME,
      },
    },
    facts: [NOTIFICATION, WHO, ['a-type'], ['the title'], ['the text'], ['/a/link'], WHEN],
  },
  {
    what: 'a notification is read',
    event: { type: 'notification.read', userId: USER.id, notificationId: 'notification-uuid', number: 70_005 },
    facts: [NOTIFICATION],
  },
  {
    what: 'all notifications are read',
    event: { type: 'notification.all-read', userId: USER.id },
    facts: [],
  },
  {
    what: 'a notification is deleted',
    event: { type: 'notification.deleted', userId: USER.id, notificationId: 'notification-uuid', number: 70_005 },
    facts: [NOTIFICATION],
  },
  {
    what: 'someone checks in to an event session',
    event: {
      type: 'check-in.recorded',
      checkIn: {
        sessionId: 'session-uuid',
        userId: USER.id,
        userName: 'Full Name',
        profileUrl: 'https://example.com/picture',
        checkinTime: TIME,
        success: true,
        message: 'Check-in successful',
      },
    },
    facts: [['session-uuid'], WHO, ['Full Name'], ['https://example.com/picture'], WHEN],
  },
];

/** Whether a dialect shows all that there is to tell, a part, or nothing; `+ edits`: to those who asked for that. */
function expressionOf(dialect: Dialect, { event, facts }: (typeof EVENTS)[number]): string {
  const plain = textOf(dialect, event, null);
  const extended = plain ?? textOf(dialect, event, 'edits');
  if (extended === undefined) return 'silent';
  const isExact = facts.every((fact) => fact.some((form) => extended.includes(JSON.stringify(form))));
  return `${isExact ? 'exact' : 'reduced'}${plain === undefined ? ' + edits' : ''}`;
}

function textOf(dialect: Dialect, event: DomainEvent, extensions: string | null): string | undefined {
  const frame = dialect.present(event, 'entered')?.frame(parseExtensions(extensions));
  return frame && JSON.stringify(frame);
}

describe('what happens, and how each dialect shows it', () => {
  const rows = EVENTS.map((happening) => ({
    what: happening.what,
    type: happening.event.type,
    shown: DIALECTS.map((dialect) => expressionOf(dialect, happening)),
  }));

  it('is the table of docs/dialects.md', async () => {
    const header = ['what happens', ...DIALECTS.map(({ name }) => `\`${name}\``)];
    const table = [header, header.map(() => '---'), ...rows.map(({ what, shown }) => [what, ...shown])];
    await expectGenerated('docs/dialects.md', 'table', table.map((cells) => `| ${cells.join(' | ')} |`).join('\n'));
  });

  it('leaves out no event that a listener could be shown', () => {
    for (const { what, shown } of rows)
      expect(
        shown.some((cell) => cell !== 'silent'),
        what,
      ).toBe(true);
  });

  it('shows a message in every dialect but the dashboard', () => {
    const sent = rows.find(({ type }) => type === 'message.created');
    expect(sent?.shown.map((cell) => cell !== 'silent')).toEqual(DIALECTS.map(({ name }) => name !== 'dashboard'));
  });
});
