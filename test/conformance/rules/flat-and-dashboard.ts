import { type DocumentRules, provedIn } from './rule.js';

const flat = provedIn('test/conformance/flat.e2e.ts');
const dashboard = provedIn('test/conformance/dashboard.e2e.ts');
const handshakes = provedIn('test/realtime/handshakes.e2e.ts');

const BROADCASTS = flat('broadcasts what a client sends to the other participants, with exactly the documented keys');
const CHANGES = flat('sends the full message again when it is edited and when it is deleted, with its flag set');
const NOTIFIES = flat('tells all of the user’s connections of notifications that are created, read and deleted');
const REFUSES = flat('answers bad frames with an error and nothing else');
const WATCHES = dashboard('shows a check-in to anyone who watches, with exactly the documented keys');
const PROTECTS = dashboard('shows a session that is its host’s alone to the host and to admins only');

const GENERAL = 'General WebSocket Connection Details';
const CHAT_OUT = 'Chat WebSocket / Chat Messages';
const NOTIFICATIONS = 'Chat WebSocket / Notification Events';
const CHAT_IN = 'Chat WebSocket / Messages Sent from Client';

/** `flat-and-dashboard.md` */
export const rules: DocumentRules = {
  document: 'flat-and-dashboard.md',
  title: 'flat and dashboard: Real-time (WebSockets)',
  rules: [
    {
      section: GENERAL,
      rule: 'The base URL is ws://localhost:8080.',
      proof: provedIn('src/config/settings.spec.ts')('serve the three ports of the documents when asked to'),
    },
    {
      section: GENERAL,
      rule: '… where there are the same routes as at any other port.',
      proof: provedIn('test/shell/ports.e2e.ts')('has the same routes at each'),
    },
    {
      section: GENERAL,
      rule: 'Authentication is required.',
      proof: handshakes('is refused with 401 without valid credentials, whatever dialect is named'),
    },
    {
      section: GENERAL,
      rule: 'The JWT access_token is passed in the Authorization header of the handshake.',
      proof: handshakes('finds the token in the header, the query or a subprotocol'),
    },
    {
      section: 'Chat WebSocket',
      rule: 'The endpoint is GET /ws, for messages within conversations.',
      proof: BROADCASTS,
    },
    {
      section: 'Chat WebSocket',
      rule: 'A bearer token is required.',
      proof: handshakes('is refused with 401 without valid credentials, whatever dialect is named'),
    },
    {
      section: CHAT_OUT,
      rule: 'When a message is updated, the full object is sent with is_edited.',
      proof: CHANGES,
    },
    {
      section: CHAT_OUT,
      rule: 'When a message is deleted, the full object is sent with is_deleted.',
      proof: CHANGES,
    },
    {
      section: NOTIFICATIONS,
      rule: 'When a notification is created, read or deleted, the client gets an event.',
      proof: NOTIFIES,
    },
    {
      section: CHAT_IN,
      rule: 'The server broadcasts it to the other participants of the conversation.',
      proof: BROADCASTS,
    },
    {
      section: CHAT_IN,
      rule: '… and to nobody else.',
      proof: flat('hears nothing of conversations of others'),
    },
    {
      section: CHAT_IN,
      rule: 'conversation_id and content are required.',
      proof: REFUSES,
    },
    {
      section: CHAT_IN,
      rule: 'type is optional; its default is "text".',
      proof: flat('takes "text" for a message that does not say its type'),
    },
    {
      section: 'Dashboard WebSocket',
      rule: 'The endpoint is GET /ws/dashboard/:sessionID, for updates of that session.',
      proof: dashboard('shows nothing of other sessions, and does not look at what clients send'),
    },
    {
      section: 'Dashboard WebSocket',
      rule: 'Authentication is not required.',
      proof: WATCHES,
    },
    {
      section: 'Dashboard WebSocket',
      rule: 'The server decides by role, such as that of the host, who may watch.',
      proof: PROTECTS,
    },
    {
      section: 'Dashboard WebSocket / Path Parameters',
      rule: 'sessionID is the UUID of an event session.',
      proof: dashboard('is refused for a session that is not there, and for an id that is none'),
    },
    {
      section: 'Dashboard WebSocket / Messages Sent to Client',
      rule: 'profile_url is the URL of the picture …',
      proof: dashboard('shows the picture of who checks in, where there is one'),
    },
    {
      section: 'Dashboard WebSocket / Messages Sent to Client',
      rule: '… or null.',
      proof: WATCHES,
    },
    {
      section: 'Dashboard WebSocket / Messages Sent to Client',
      rule: 'success says whether the check-in was, and message why not.',
      proof: dashboard('shows a refused check-in, too, and says why'),
    },
  ],
  examples: [
    {
      section: CHAT_OUT,
      name: 'Chat Messages',
      frame: ['out', 'flat', 'message'],
      json: {
        id: 'uuid',
        conversation_id: 'uuid',
        sender_id: 'uuid',
        content: 'string',
        message_type: 'string',
        created_at: 'timestamp',
        is_edited: true,
        is_deleted: true,
      },
      proof: BROADCASTS,
    },
    {
      section: NOTIFICATIONS,
      name: 'Event created',
      frame: ['out', 'flat', 'created'],
      json: {
        id: 'uuid',
        user_id: 'uuid',
        type: 'new_comment',
        title: 'string',
        message: 'string',
        link: { String: '/path/to/content', Valid: true },
        is_read: false,
        created_at: 'timestamp',
      },
      proof: NOTIFIES,
    },
    {
      section: NOTIFICATIONS,
      name: 'Event read',
      frame: ['out', 'flat', 'read'],
      json: { event: 'read', notification_id: 'uuid-of-notification' },
      proof: NOTIFIES,
    },
    {
      section: NOTIFICATIONS,
      name: 'Event read_all',
      frame: ['out', 'flat', 'read_all'],
      json: { event: 'read_all' },
      proof: NOTIFIES,
    },
    {
      section: NOTIFICATIONS,
      name: 'Event deleted',
      frame: ['out', 'flat', 'deleted'],
      json: { event: 'deleted', notification_id: 'uuid-of-notification' },
      proof: NOTIFIES,
    },
    {
      section: CHAT_IN,
      name: 'Messages Sent from Client',
      frame: ['in', 'flat', 'message'],
      json: { conversation_id: 'uuid', content: 'string', type: 'string' },
      proof: BROADCASTS,
    },
    {
      section: 'Dashboard WebSocket / Messages Sent to Client',
      name: 'check-in update',
      frame: ['out', 'dashboard', 'check_in'],
      json: {
        checkin_time: 'timestamp',
        message: 'string',
        profile_url: 'string',
        session_id: 'uuid',
        success: true,
        user_id: 'uuid',
        user_name: 'string',
      },
      proof: WATCHES,
    },
  ],
  omitted: [
    {
      section: 'Example wscat Connection (both)',
      reason: 'A command line; it connects as the rows of its endpoint do.',
    },
  ],
  unserved: [],
};
