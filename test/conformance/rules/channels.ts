import { type DocumentRules, provedIn } from './rule.js';

const channels = provedIn('test/conformance/channels.e2e.ts');
const connections = provedIn('test/realtime/connections.e2e.ts');
const handshakes = provedIn('test/realtime/handshakes.e2e.ts');
const sending = provedIn('test/messages/sending.e2e.ts');
const browser = provedIn('test/browser/console.e2e.ts');

const BROADCASTS = channels(
  'broadcasts a message that is sent, updated and deleted by REST to everyone in the channel, its sender too',
);
const ONLY_THERE = channels('broadcasts to those in the channel only');
const JOINS_AND_LEAVES = channels('joins and leaves channels by frames, telling the one who did');
const JOINS_AT_ONCE = channels('joins the channel of the address at once');
const PINGS = channels('answers a ping with a pong');
const COUNTS = channels('counts its clients, and those in each open channel');
const KNOWS_USERS = channels('requires the e-mail address of a registered user, once');
const REFUSES = channels('answers bad frames with an error and nothing else');
const IN_THE_CONSOLE = browser('speaks channels: joins, sends over REST and hears it, pings and leaves');

const FEATURES = 'Features';
const CONNECTION = 'WebSocket API / Connection';
const TO_SERVER = 'WebSocket API / Client → Server Messages';
const TO_CLIENT = 'WebSocket API / Server → Client Messages';
const STATISTICS = 'WebSocket API / Statistics Endpoint';
const TEST_CLIENT = 'Testing / HTML Test Client';
const USAGE = 'Usage Examples';
const REAL_TIME = 'Real-Time Features';
const SECURITY = 'Security';

const common = { channel_id: 'channel123', timestamp: '2024-01-01T12:00:00Z' };
const data = { id: 'msg123', channel_id: 'channel123', user_email: 'user@example.com' };

/** `channels.md` */
export const rules: DocumentRules = {
  document: 'channels.md',
  title: 'channels: WebSocket Real-Time Chat Implementation',
  rules: [
    { section: FEATURES, rule: 'Messages are broadcast to all clients in a channel.', proof: BROADCASTS },
    { section: FEATURES, rule: 'Messages belong to channels, whose clients are managed.', proof: COUNTS },
    { section: FEATURES, rule: 'Creating, updating and deleting a message is told in real time.', proof: BROADCASTS },
    { section: FEATURES, rule: 'Connections are managed, with automatic cleanup.', proof: COUNTS },
    { section: FEATURES, rule: 'There are statistics for monitoring.', proof: COUNTS },
    { section: FEATURES, rule: 'Authentication is that of the existing users.', proof: KNOWS_USERS },
    { section: CONNECTION, rule: 'The endpoint is GET /api/v1/ws.', proof: JOINS_AT_ONCE },
    {
      section: CONNECTION,
      rule: 'It is at port 3000.',
      proof: provedIn('src/config/settings.spec.ts')('serve the three ports of the documents when asked to'),
    },
    { section: CONNECTION, rule: 'The header User-Email names the user.', proof: KNOWS_USERS },
    { section: CONNECTION, rule: 'channel_id names a channel to join immediately.', proof: JOINS_AT_ONCE },
    { section: CONNECTION, rule: 'channel_id is optional.', proof: JOINS_AND_LEAVES },
    { section: STATISTICS, rule: 'The endpoint is GET /api/v1/ws/stats.', proof: COUNTS },
    {
      section: TEST_CLIENT,
      rule: 'A test client is at / of the server.',
      proof: provedIn('test/shell/ports.e2e.ts')('has the same routes at each'),
    },
    { section: TEST_CLIENT, rule: 'It connects, and joins and leaves channels.', proof: IN_THE_CONSOLE },
    { section: TEST_CLIENT, rule: 'It sends and receives messages in real time.', proof: IN_THE_CONSOLE },
    { section: TEST_CLIENT, rule: 'It shows statistics of connections.', proof: IN_THE_CONSOLE },
    { section: TEST_CLIENT, rule: 'It tests ping and pong.', proof: IN_THE_CONSOLE },
    {
      section: USAGE,
      rule: 'JavaScript: connects with channel_id, and tells frames apart by type and data.',
      proof: channels('serves the JavaScript client of the document'),
    },
    { section: USAGE, rule: 'JavaScript: joins and leaves by frames.', proof: JOINS_AND_LEAVES },
    { section: USAGE, rule: 'JavaScript: POST /api/v1/messages with User-Email sends a message.', proof: BROADCASTS },
    {
      section: USAGE,
      rule: 'A channel that is named first is there.',
      proof: sending('creates the channel that it names, and its sender takes part'),
    },
    { section: USAGE, rule: 'Go: connects without channel_id, and joins by a frame.', proof: JOINS_AND_LEAVES },
    {
      section: REAL_TIME,
      rule: 'What is created, updated or deleted by REST is broadcast to the clients in the channel.',
      proof: BROADCASTS,
    },
    { section: REAL_TIME, rule: 'Clients can join and leave channels dynamically.', proof: JOINS_AND_LEAVES },
    { section: REAL_TIME, rule: 'Messages go to clients in the relevant channel only.', proof: ONLY_THERE },
    {
      section: REAL_TIME,
      rule: '… which those who have left are not.',
      proof: channels('sends nothing more to one who has left'),
    },
    { section: REAL_TIME, rule: 'Connections are cleaned up when clients disconnect.', proof: COUNTS },
    {
      section: REAL_TIME,
      rule: 'Automatic ping and pong: a connection whose peer answers stays.',
      proof: connections('stays while its peer answers pings'),
    },
    {
      section: REAL_TIME,
      rule: 'Automatic ping and pong: one whose peer does not is cut.',
      proof: connections('is cut when its peer does not answer pings'),
    },
    {
      section: REAL_TIME,
      rule: 'Connections are cleaned up gracefully.',
      proof: connections(
        'is told to come back when the server stops, and a frame that was being worked on is finished',
      ),
    },
    { section: REAL_TIME, rule: 'Statistics tell the number of connections.', proof: COUNTS },
    { section: SECURITY, rule: 'Every connection needs a valid user e-mail.', proof: KNOWS_USERS },
    { section: SECURITY, rule: 'Channels are isolated from each other.', proof: ONLY_THERE },
    { section: SECURITY, rule: 'All incoming messages are validated.', proof: REFUSES },
    {
      section: SECURITY,
      rule: 'The channel of the address is validated.',
      proof: channels('refuses what cannot be a channel, and what is not the user’s to hear, before the socket opens'),
    },
    {
      section: SECURITY,
      rule: 'There are limits of connections …',
      proof: handshakes('is refused with 429 when the user has too many connections, however many ask at once'),
    },
    {
      section: SECURITY,
      rule: '… of the size of frames …',
      proof: connections('is closed with 1009 by a frame that is too large, and no other connection notices'),
    },
    {
      section: SECURITY,
      rule: '… of the size of messages …',
      proof: sending('POST /conversations/:id/messages > refuses %s'),
    },
    {
      section: SECURITY,
      rule: '… and of the rate of bad frames.',
      proof: connections('is closed with 1008 by bad frames without end'),
    },
    { section: 'Monitoring', rule: 'curl …/api/v1/ws/stats needs no credentials.', proof: COUNTS },
    {
      section: 'Monitoring',
      rule: 'Connections and disconnections, joins and leaves, broadcasts and errors are logged for debugging.',
      proof: provedIn('test/shell/logs.e2e.ts')(
        'tells, for debugging, who connects, joins, leaves and disconnects, what is broadcast, and what failed',
      ),
    },
  ],
  examples: [
    {
      section: TO_SERVER,
      name: 'Join Channel',
      frame: ['in', 'channels', 'join_channel'],
      json: { type: 'join_channel', channel_id: 'channel123' },
      proof: JOINS_AND_LEAVES,
    },
    {
      section: TO_SERVER,
      name: 'Leave Channel',
      frame: ['in', 'channels', 'leave_channel'],
      json: { type: 'leave_channel', channel_id: 'channel123' },
      proof: JOINS_AND_LEAVES,
    },
    {
      section: TO_SERVER,
      name: 'Ping',
      frame: ['in', 'channels', 'ping'],
      json: { type: 'ping' },
      proof: PINGS,
    },
    {
      section: TO_CLIENT,
      name: 'New Message',
      frame: ['out', 'channels', 'new_message'],
      json: {
        type: 'new_message',
        ...common,
        data: { ...data, content: 'Hello world!', created_at: '2024-01-01T12:00:00Z' },
      },
      proof: BROADCASTS,
    },
    {
      section: TO_CLIENT,
      name: 'Message Updated',
      frame: ['out', 'channels', 'message_updated'],
      json: {
        type: 'message_updated',
        ...common,
        data: { ...data, content: 'Updated message', created_at: '2024-01-01T12:00:00Z' },
      },
      proof: BROADCASTS,
    },
    {
      section: TO_CLIENT,
      name: 'Message Deleted',
      frame: ['out', 'channels', 'message_deleted'],
      json: { type: 'message_deleted', ...common, data },
      proof: BROADCASTS,
    },
    {
      section: TO_CLIENT,
      name: 'Channel Joined',
      frame: ['out', 'channels', 'channel_joined'],
      json: { type: 'channel_joined', ...common, user_email: 'user@example.com' },
      proof: JOINS_AT_ONCE,
    },
    {
      section: TO_CLIENT,
      name: 'Channel Left',
      frame: ['out', 'channels', 'channel_left'],
      json: { type: 'channel_left', ...common, user_email: 'user@example.com' },
      proof: JOINS_AND_LEAVES,
    },
    {
      section: TO_CLIENT,
      name: 'Pong',
      frame: ['out', 'channels', 'pong'],
      json: { type: 'pong', timestamp: '2024-01-01T12:00:00Z' },
      proof: PINGS,
    },
    {
      section: STATISTICS,
      name: 'Response',
      json: { success: true, data: { total_clients: 5, channels: { channel123: 3, channel456: 2 } } },
      proof: COUNTS,
    },
  ],
  omitted: [
    { section: 'Architecture', reason: 'The parts of another program, by their files.' },
    { section: 'Testing / Integration Tests', reason: 'Commands that run another program’s tests.' },
    { section: 'Next Steps', reason: 'Plans.' },
  ],
  unserved: [],
};
