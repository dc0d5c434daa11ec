import { type DocumentRules, provedIn } from './rule.js';

const socketio = provedIn('test/conformance/socketio.e2e.ts');

const ARRIVES = socketio(
  'arrive in the room as new_message, the sender’s sockets too, and as message_notification at the others',
);
const BY_TRANSPORT = socketio('works by %s, at every port');
const TOKENS = socketio('finds the token in the auth object, with or without its scheme, the header or the query');
const REFUSED = socketio('is refused with 401 without a valid token, by %s');
const TYPES = socketio('tells the room but who types of typing, in tribe too');
const READ = socketio('tells the room but its reader that messages were read, by an event or by REST');
const LEFT = socketio('do not reach a room that was left');
const ERRORS = socketio('answer bad events with an error and nothing else');
const NOTIFIES = socketio('brings system notifications to all of the user’s sockets, and to nobody else');

const CONNECTION = 'Connection';
const AUTHENTICATION = 'Connection / Authentication';
const SEND = 'Client -> Server / 3. Send Message';
const MARK_READ = 'Client -> Server / 4. Mark Messages as Read';
const TYPING_IN = 'Client -> Server / 5. Typing Indicators';
const NEW_MESSAGE = 'Server -> Client / 1. New Message';
const NOTIFICATION = 'Server -> Client / 2. Message Notification';
const RECEIPT = 'Server -> Client / 3. Messages Read Receipt';
const TYPING_OUT = 'Server -> Client / 4. Typing Indicators';
const SYSTEM = 'Server -> Client / 5. System Notifications';
const USAGE = 'Example Usage (React)';

const message = { id: 101, conversation_id: 123, sender_id: 456, receiver_id: 789, content: 'Hello world!' };

/** `socketio.md` */
export const rules: DocumentRules = {
  document: 'socketio.md',
  title: 'socketio: WebSocket Chat API Documentation',
  rules: [
    { section: 'Overview', rule: 'It is socket.io: the real client connects.', proof: BY_TRANSPORT },
    {
      section: 'Overview',
      rule: '1-on-1 chat.',
      proof: socketio('to someone start the direct conversation with them once, however many are sent at once'),
    },
    {
      section: CONNECTION,
      rule: 'The URL is http://localhost:8000.',
      proof: provedIn('src/config/settings.spec.ts')('serve the three ports of the documents when asked to'),
    },
    {
      section: CONNECTION,
      rule: 'The path is /socket.io.',
      proof: socketio('takes the path with a slash at the end and without'),
    },
    { section: CONNECTION, rule: 'Transports: websocket, polling.', proof: BY_TRANSPORT },
    {
      section: CONNECTION,
      rule: '… and from polling to websocket, as clients do by default.',
      proof: socketio('begins by polling and goes on by websocket without losing anything'),
    },
    { section: AUTHENTICATION, rule: 'Authentication is required: a valid JWT.', proof: REFUSED },
    {
      section: AUTHENTICATION,
      rule: 'Method 1: auth.token, "Bearer <token>" or just "<token>".',
      proof: TOKENS,
    },
    { section: AUTHENTICATION, rule: 'Method 2: a query parameter.', proof: TOKENS },
    { section: AUTHENTICATION, rule: 'Method 3: extraHeaders with Authorization: Bearer.', proof: TOKENS },
    {
      section: 'Client -> Server / 1. Join Conversation',
      rule: 'join_conversation with the id, a number or a string, joins the room to receive messages.',
      proof: ARRIVES,
    },
    {
      section: 'Client -> Server / 2. Leave Conversation',
      rule: 'leave_conversation with the id leaves the room.',
      proof: LEFT,
    },
    { section: SEND, rule: 'If successful, new_message is broadcast to the room.', proof: ARRIVES },
    { section: SEND, rule: 'If failed, error is emitted to the sender.', proof: ERRORS },
    {
      section: MARK_READ,
      rule: 'All unread messages of the conversation are marked as read.',
      proof: socketio('marks every unread message of the conversation as read, and of no other'),
    },
    { section: TYPING_IN, rule: 'The other user is told of typing_start and typing_stop.', proof: TYPES },
    {
      section: NEW_MESSAGE,
      rule: 'Received in a conversation that was joined …',
      proof: ARRIVES,
    },
    { section: NEW_MESSAGE, rule: '… and in no other.', proof: LEFT },
    {
      section: NOTIFICATION,
      rule: 'Received for a message to the user, regardless of the room.',
      proof: ARRIVES,
    },
    { section: RECEIPT, rule: 'Received when the other user marks messages as read.', proof: READ },
    { section: TYPING_OUT, rule: 'Received when the other user starts or stops typing.', proof: TYPES },
    { section: SYSTEM, rule: 'System notifications come in real time.', proof: NOTIFIES },
    {
      section: USAGE,
      rule: 'connects with auth.token, joins on connect, sends with toUserId and gets new_message',
      proof: ARRIVES,
    },
    { section: USAGE, rule: 'typing_start tells the userId, so that one’s own can be passed over.', proof: TYPES },
    {
      section: USAGE,
      rule: 'leave_conversation and disconnect end it; nobody who stays is disturbed.',
      proof: socketio('serves the component of the document, from connecting to cleaning up'),
    },
  ],
  examples: [
    {
      section: SEND,
      name: 'send_message',
      frame: ['in', 'socketio', 'send_message'],
      json: { conversationId: 123, content: 'Hello world!', toUserId: 456 },
      proof: ARRIVES,
    },
    {
      section: MARK_READ,
      name: 'mark_read',
      frame: ['in', 'socketio', 'mark_read'],
      json: { conversationId: 123 },
      proof: READ,
    },
    {
      section: TYPING_IN,
      name: 'typing_start (in)',
      frame: ['in', 'socketio', 'typing_start'],
      json: { conversationId: 123, toUserId: 456 },
      proof: TYPES,
    },
    {
      section: TYPING_IN,
      name: 'typing_stop (in)',
      frame: ['in', 'socketio', 'typing_stop'],
      json: { conversationId: 123, toUserId: 456 },
      proof: TYPES,
    },
    {
      section: NEW_MESSAGE,
      name: 'new_message',
      frame: ['out', 'socketio', 'new_message'],
      json: { ...message, is_read: false, read_at: null, created_at: '2023-10-27T10:00:00.000Z' },
      proof: ARRIVES,
    },
    {
      section: NOTIFICATION,
      name: 'message_notification',
      frame: ['out', 'socketio', 'message_notification'],
      json: { ...message, is_read: false, created_at: '2023-10-27T10:00:00.000Z', type: 'new_message' },
      proof: ARRIVES,
    },
    {
      section: RECEIPT,
      name: 'messages_read',
      frame: ['out', 'socketio', 'messages_read'],
      json: { conversationId: 123, userId: 456, readAt: '2023-10-27T10:05:00.000Z' },
      proof: READ,
    },
    {
      section: TYPING_OUT,
      name: 'typing_start (out)',
      frame: ['out', 'socketio', 'typing_start'],
      json: { conversationId: 123, userId: 456 },
      proof: TYPES,
    },
    {
      section: TYPING_OUT,
      name: 'typing_stop (out)',
      frame: ['out', 'socketio', 'typing_stop'],
      json: { conversationId: 123, userId: 456 },
      proof: TYPES,
    },
    {
      section: SYSTEM,
      name: 'new_notification',
      frame: ['out', 'socketio', 'new_notification'],
      json: {
        id: 50,
        user_id: 789,
        title: 'Project Update',
        message: 'You have been assigned to Project X',
        type: 'project_assigned',
        created_at: '2023-10-27T12:00:00.000Z',
      },
      proof: NOTIFIES,
    },
    {
      section: 'Server -> Client / 6. Errors',
      name: 'error',
      frame: ['out', 'socketio', 'error'],
      json: { message: 'Failed to send message' },
      proof: ERRORS,
    },
  ],
  omitted: [],
  unserved: [],
};
