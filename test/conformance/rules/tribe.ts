import { type DocumentRules, provedIn } from './rule.js';

const tribe = provedIn('test/conformance/tribe.e2e.ts');
const handshakes = provedIn('test/realtime/handshakes.e2e.ts');
const sending = provedIn('test/messages/sending.e2e.ts');

const SUBSCRIBES = tribe('confirms a subscription');
const BROADCASTS = tribe('broadcasts a message that is sent by REST to all who subscribed but its sender');
const TYPES = tribe('tells the others who is typing');
const PINGS = tribe('answers a ping with a pong');

const TO_SERVER = 'WebSocket Events / Client → Server';
const TO_CLIENT = 'WebSocket Events / Server → Client';

/** `tribe.md` */
export const rules: DocumentRules = {
  document: 'tribe.md',
  title: 'tribe: WebSocket Endpoint Setup',
  rules: [
    {
      section: 'Endpoint Configuration',
      rule: 'The endpoint is /api/v1/ws?token={JWT_TOKEN}.',
      proof: tribe('confirms the connection'),
    },
    {
      section: 'Endpoint Configuration',
      rule: 'In development it is at port 8000.',
      proof: provedIn('src/config/settings.spec.ts')('serve the three ports of the documents when asked to'),
    },
    {
      section: 'Features Implemented',
      rule: '1. Authentication: a JWT as query parameter.',
      proof: handshakes('finds the token in the header, the query or a subprotocol'),
    },
    {
      section: 'Features Implemented',
      rule: '2. Connection management: tracks active connections per user.',
      proof: tribe('says offline when a user who announced a presence has closed the last connection'),
    },
    {
      section: 'Features Implemented',
      rule: '3. Users can subscribe to conversations.',
      proof: SUBSCRIBES,
    },
    {
      section: 'Features Implemented',
      rule: '3. Users can unsubscribe from conversations.',
      proof: tribe('sends nothing more after an unsubscribe, which has no answer'),
    },
    {
      section: 'Features Implemented',
      rule: '4. Broadcasts new messages to all subscribers.',
      proof: BROADCASTS,
    },
    {
      section: 'Features Implemented',
      rule: '4. … and to nobody who has not subscribed.',
      proof: tribe('sends no messages to a connection that has not subscribed'),
    },
    {
      section: 'Features Implemented',
      rule: '5. Handles typing start and stop.',
      proof: TYPES,
    },
    {
      section: 'Features Implemented',
      rule: '6. Presence: supports online and offline.',
      proof: tribe('says offline when a user who announced a presence has closed the last connection'),
    },
    {
      section: 'Features Implemented',
      rule: '7. Heartbeat: responds to ping events with pong.',
      proof: PINGS,
    },
    {
      section: 'Integration',
      rule: 'POST /api/v1/conversations/{id}/messages: 1. saves the message to the database.',
      proof: sending('POST /conversations/:id/messages > answers with the message'),
    },
    {
      section: 'Integration',
      rule: '2. Broadcasts it to all subscribed users.',
      proof: BROADCASTS,
    },
    {
      section: 'Integration',
      rule: '3. Excludes the sender from the broadcast.',
      proof: BROADCASTS,
    },
    {
      section: 'Testing',
      rule: '2. A JWT is got by logging in.',
      proof: provedIn('test/auth/auth.e2e.ts')('signs in, whatever the case of the e-mail address'),
    },
    {
      section: 'Testing',
      rule: '5. A message that is sent by REST appears in the connection.',
      proof: BROADCASTS,
    },
    {
      section: 'Notes',
      rule: 'The connection requires a valid JWT access token.',
      proof: tribe('requires a valid access token'),
    },
    {
      section: 'Notes',
      rule: 'Connections are cleaned up on disconnect.',
      proof: handshakes('is refused with 429 when the user has too many connections, however many ask at once'),
    },
    {
      section: 'Notes',
      rule: 'Multiple concurrent connections per user are supported.',
      proof: tribe('serves several connections of a user at once, each with subscriptions of its own'),
    },
    {
      section: 'Notes',
      rule: 'Subscriptions are verified against the database: the user is a participant.',
      proof: tribe('verifies a subscription against the database'),
    },
  ],
  examples: [
    {
      section: TO_SERVER,
      name: 'Subscribe to conversation',
      frame: ['in', 'tribe', 'subscribe'],
      json: { event: 'subscribe', channel: 'conversation', conversation_id: 'uuid' },
      proof: SUBSCRIBES,
    },
    {
      section: TO_SERVER,
      name: 'Unsubscribe from conversation',
      frame: ['in', 'tribe', 'unsubscribe'],
      json: { event: 'unsubscribe', conversation_id: 'uuid' },
      proof: tribe('sends nothing more after an unsubscribe, which has no answer'),
    },
    {
      section: TO_SERVER,
      name: 'Send typing indicator',
      frame: ['in', 'tribe', 'typing'],
      json: { event: 'typing', conversation_id: 'uuid', is_typing: true },
      proof: TYPES,
    },
    {
      section: TO_SERVER,
      name: 'Presence update',
      frame: ['in', 'tribe', 'presence'],
      json: { event: 'presence', status: 'online' },
      proof: tribe('says offline when a user who announced a presence has closed the last connection'),
    },
    {
      section: TO_SERVER,
      name: 'Heartbeat',
      frame: ['in', 'tribe', 'ping'],
      json: { event: 'ping' },
      proof: PINGS,
    },
    {
      section: TO_CLIENT,
      name: 'Connection confirmation',
      frame: ['out', 'tribe', 'connected'],
      json: { event: 'connected', message: 'WebSocket connection established' },
      proof: tribe('confirms the connection'),
    },
    {
      section: TO_CLIENT,
      name: 'New message',
      frame: ['out', 'tribe', 'message.new'],
      json: {
        event: 'message.new',
        conversation_id: 'uuid',
        data: {
          id: 'message_uuid',
          conversation_id: 'uuid',
          sender: { id: 'user_uuid', username: 'username', full_name: 'Full Name', profile_image_url: 'url' },
          content: 'Message content',
          message_type: 'text',
          created_at: '2024-01-01T12:00:00Z',
        },
      },
      proof: BROADCASTS,
    },
    {
      section: TO_CLIENT,
      name: 'Typing indicator',
      frame: ['out', 'tribe', 'typing'],
      json: {
        event: 'typing',
        conversation_id: 'uuid',
        data: { user_id: 'user_uuid', user_name: 'Full Name', is_typing: true },
      },
      proof: TYPES,
    },
    {
      section: TO_CLIENT,
      name: 'Subscription confirmation',
      frame: ['out', 'tribe', 'subscribed'],
      json: { event: 'subscribed', conversation_id: 'uuid' },
      proof: SUBSCRIBES,
    },
    {
      section: TO_CLIENT,
      name: 'Heartbeat response',
      frame: ['out', 'tribe', 'pong'],
      json: { event: 'pong' },
      proof: PINGS,
    },
    {
      section: 'Testing',
      name: '4. Send subscription event',
      frame: ['in', 'tribe', 'subscribe'],
      json: { event: 'subscribe', channel: 'conversation', conversation_id: 'your-conversation-id' },
      proof: SUBSCRIBES,
    },
  ],
  omitted: [
    { section: 'Endpoint Configuration', reason: 'The production address (wss) is that of a proxy, which ends TLS.' },
    { section: 'App Configuration', reason: 'How the mobile app makes its address is the app’s own.' },
  ],
  unserved: [],
};
